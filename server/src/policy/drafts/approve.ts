import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { ConflictError } from '../../storage/store.ts';
import { carryOut, lastReplayOf } from './carry-out.ts';
import { maxAttempts, readDraft } from './circumstances.ts';
import { draftEvent } from './events.ts';
import { transition } from './lifecycle.ts';
import { type By, proveAlone } from './prove-alone.ts';
import type { DraftRecord } from './record.ts';
import { refuse } from './refuse.ts';
import { draftChange } from './write.ts';

type ApproveDeps = Pick<Deps, 'store' | 'config'>;

interface Approving {
  id: string;
  version: number;
  /** Of the text that the approver read. */
  documentHash: string;
  caller: By;
}

/**
 * Approves a submitted draft, which puts it into force at once. A refused approval is itself recorded: somebody tried.
 *
 * @throws Fault not_found, conflict, policy_draft_state, policy_draft_outdated, policy_invalid, policy_unchanged,
 *   second_approval_required, step_up_required, step_up_invalid, step_up_locked, not_allowed
 */
export async function approveDraft(deps: ApproveDeps, approving: Approving, now: Instant): Promise<void> {
  const { store } = deps;
  const known: { draft?: DraftRecord } = {};
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (await attempted(deps, approving, now, (draft) => void (known.draft = draft))) return;
    }
    throw new Fault('conflict');
  } catch (error) {
    if (error instanceof Fault && known.draft !== undefined) {
      const more = { outcome: 'failure', data: { code: error.code } } as const;
      const refused = draftEvent('policy.approval-refused', known.draft, approving.caller.id, now, more);
      await store.commit({ changes: [], audit: [refused] });
    }
    throw error;
  }
}

/**
 * Decides on what is stored and writes it down. False when something of that changed meanwhile: decided again on what
 * there is now, it gets the answer that it would have got later.
 */
async function attempted(
  deps: ApproveDeps,
  { id, version, documentHash, caller }: Approving,
  now: Instant,
  found: (draft: DraftRecord) => void,
): Promise<boolean> {
  const { store } = deps;
  const { draft, situation } = await readDraft(store, id);
  found(draft);
  const about = { action: 'approve-policy-draft', target: id, content: documentHash } as const;
  const proof = await proveAlone(deps, { by: caller, about, admins: situation.admins }, now);
  const event = { kind: 'approve', version, documentHash, steppedUp: proof.steppedUp } as const;
  const after = transition(draft, event, caller.id, situation.circumstances, now);
  if (typeof after === 'string')
    throw (after === 'step_up_required' ? proof.refusal : undefined) ?? refuse(after, draft, situation);
  const unit = carryOut(after, situation, await lastReplayOf(store, draft), now);
  try {
    await store.commit({
      changes: [...proof.unit.changes, ...unit.changes, draftChange(draft, after)],
      audit: [...proof.unit.audit, ...unit.audit],
    });
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}
