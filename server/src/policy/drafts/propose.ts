import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { PolicyDraftAction } from '@postern/shared/protocol/policy-draft';
import type { ManageAbout } from '@postern/shared/protocol/step-up-subject';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { insert } from '../../storage/change.ts';
import { ConflictError, type Unit } from '../../storage/store.ts';
import { carryOut, lastReplayOf } from './carry-out.ts';
import { maxAttempts, readSituation, type Situation } from './circumstances.ts';
import { draftEvent } from './events.ts';
import { transition } from './lifecycle.ts';
import { type By, proveAlone } from './prove-alone.ts';
import { type DraftRecord, rowOf } from './record.ts';
import { refuse } from './refuse.ts';
import { newDraft, refuseTooMany } from './write.ts';

type ProposeDeps = Pick<Deps, 'store' | 'random' | 'config'>;

interface Proposal {
  /** What a proof of whoever does it is for. */
  about: ManageAbout;
  action: PolicyDraftAction;
  policy: string;
  document: string;
  note: string;
}

/**
 * Proposes to put the document of an earlier version into force again.
 *
 * @throws Fault policy_version_unknown, and as `propose`
 */
export async function rollBack(
  deps: ProposeDeps,
  { name, version, reason }: { name: string; version: number; reason: string },
  by: By,
  now: Instant,
): Promise<string> {
  const row = await deps.store.read
    .selectFrom('policies')
    .select('document')
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined) throw new Fault('policy_version_unknown');
  const about = { action: 'roll-back-policy', target: name, content: sha256(row.document) } as const;
  return propose(deps, { action: 'publish', policy: name, document: row.document, note: reason, about }, by, now);
}

/**
 * Proposes to take a policy out of force.
 *
 * @throws Fault policy_version_unknown when no version of it is in force, and as `propose`
 */
export async function retire(
  deps: ProposeDeps,
  { name, reason }: { name: string; reason: string },
  by: By,
  now: Instant,
): Promise<string> {
  const row = await deps.store.read
    .selectFrom('policies')
    .select('document')
    .where('name', '=', name)
    .where('current', '=', 1)
    .executeTakeFirst();
  if (row === undefined) throw new Fault('policy_version_unknown');
  const about = { action: 'retire-policy', target: name, content: sha256(row.document) } as const;
  return propose(deps, { action: 'retire', policy: name, document: row.document, note: reason, about }, by, now);
}

/**
 * Makes a draft that is submitted at once, for somebody else to approve. Where there is only one admin, they approve it
 * in the same moment, having just proved who they are.
 *
 * @returns the id of the draft
 * @throws Fault policy_drafts_too_many, policy_draft_outdated, policy_invalid, policy_unchanged, step_up_required,
 *   step_up_invalid, step_up_locked, not_allowed, conflict
 */
async function propose(deps: ProposeDeps, proposal: Proposal, by: By, now: Instant): Promise<string> {
  const { store } = deps;
  await refuseTooMany(deps);
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const situation = await readSituation(store, proposal.document, proposal.policy);
    const draft = submitted(deps, proposal, by, situation, now);
    const alone = situation.admins.ids.length === 1;
    const unit = alone
      ? await approvedAtOnce(deps, draft, { by, about: proposal.about }, situation, now)
      : waiting(draft);
    const audit = [draftEvent('policy.drafted', draft, by.id, now, { text: draft.note })];
    audit.push(draftEvent('policy.draft-submitted', draft, by.id, now));
    try {
      await store.commit({ changes: unit.changes, audit: [...audit, ...unit.audit] });
      return draft.id;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new Fault('conflict');
}

function submitted(deps: ProposeDeps, proposal: Proposal, by: By, situation: Situation, now: Instant): DraftRecord {
  const { action, document, note, policy } = proposal;
  const draft = { ...newDraft(deps, { document, note, by: by.id }, situation, now), action, policy };
  const after = transition(draft, { kind: 'submit', version: draft.version }, by.id, situation.circumstances, now);
  if (typeof after === 'string') throw refuse(after, draft, situation);
  return after;
}

function waiting(draft: DraftRecord): Unit {
  return { changes: [insert('policy_drafts', rowOf(draft))], audit: [] };
}

async function approvedAtOnce(
  deps: ProposeDeps,
  draft: DraftRecord,
  { by, about }: { by: By; about: ManageAbout },
  situation: Situation,
  now: Instant,
): Promise<Unit> {
  const { version, documentHash } = draft;
  const { store } = deps;
  const proof = await proveAlone(deps, { by, about, admins: situation.admins }, now);
  const event = { kind: 'approve', version, documentHash, steppedUp: proof.steppedUp } as const;
  const after = transition(draft, event, by.id, situation.circumstances, now);
  if (typeof after === 'string') {
    const refusal = (after === 'step_up_required' ? proof.refusal : undefined) ?? refuse(after, draft, situation);
    const more = { outcome: 'failure', data: { code: refusal.code } } as const;
    await store.commit({ changes: [], audit: [draftEvent('policy.approval-refused', draft, by.id, now, more)] });
    throw refusal;
  }
  const unit = carryOut(after, situation, await lastReplayOf(store, draft), now);
  return {
    changes: [...proof.unit.changes, ...unit.changes, insert('policy_drafts', rowOf(after))],
    audit: [...proof.unit.audit, ...unit.audit],
  };
}
