import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { type Admins, readAdmins, sameAdmins } from '../../identity/index.ts';
import type { Database } from '../../storage/database.ts';
import { publishPolicy } from '../publish.ts';
import { readPolicyDocument } from '../read-document.ts';
import { type By, proveAlone } from './prove-alone.ts';

/** Whether what an admin writes needs another one's approval. */
export function needsApproval({ ids }: Pick<Admins, 'ids'>): boolean {
  return ids.length !== 1;
}

/**
 * Publishes without a draft: for the only admin there is, who has just proved who they are.
 *
 * @throws Fault policy_invalid, policy_unchanged, second_approval_required, step_up_required, step_up_invalid,
 *   step_up_locked, not_allowed, conflict
 */
export async function publishAlone(
  deps: Pick<Deps, 'store' | 'config'>,
  text: string,
  by: By,
  now: Instant,
): Promise<Database['policies']> {
  const { store } = deps;
  const { policy } = readPolicyDocument(text);
  const admins = await readAdmins(store);
  const about = { action: 'publish-policy', target: policy, content: sha256(text) } as const;
  const proof = await proveAlone(deps, { by, about, admins }, now);
  const refusal = refusalOf(admins, by) ?? proof.refusal;
  const actor = { kind: 'person', id: by.id } as const;
  if (refusal !== undefined) {
    const subject = { kind: 'policy', id: policy };
    const data = { policy, documentHash: sha256(text), code: refusal.code };
    const refused = { at: now, type: 'policy.approval-refused', outcome: 'failure', actor, subject, data } as const;
    await store.commit({ changes: [], audit: [refused] });
    throw refusal;
  }
  return publishPolicy(store, text, actor, now, {
    approval: 'single-admin',
    guards: [sameAdmins(admins)],
    proof: proof.unit,
  });
}

function refusalOf(admins: Admins, by: By): Fault | undefined {
  if (!admins.ids.includes(by.id)) return new Fault('not_allowed');
  return needsApproval(admins) ? new Fault('second_approval_required') : undefined;
}
