import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { DraftRecord } from './record.ts';

/** What a draft says, and what was in force when that was written. */
export type DraftContent = Pick<DraftRecord, 'policy' | 'document' | 'documentHash' | 'note' | 'baseVersion'>;

/** What an admin does to a draft; `version` is that of the draft they read. */
export type DraftEvent = { version: number } & (
  | { kind: 'edit'; content: DraftContent }
  | { kind: 'submit' }
  | { kind: 'approve'; documentHash: string; steppedUp: boolean }
  | { kind: 'discard' }
);

/** What else decides, read in the same decision. */
export interface Circumstances {
  /** Ids of the active admins. */
  admins: readonly string[];
  /** Of the draft's policy; null: no version of it is in force. */
  inForce: { version: number; documentHash: string } | null;
  /** What the next version will be. */
  nextVersion: number;
  /** The document has faults, by what is known today. */
  faulty: boolean;
}

/**
 * The one state machine of drafts: a draft and an event give the next draft or a refusal.
 *
 * draft -> submitted -> published, and discarded from either; an edit takes a submission back. Somebody who wrote none
 * of it approves exactly the text that they read. Where there is only one admin at all, they may approve their own, having
 * just proved who they are.
 */
export function transition(
  draft: DraftRecord,
  event: DraftEvent,
  by: string,
  circumstances: Circumstances,
  now: Instant,
): DraftRecord | ErrorCode {
  if (!circumstances.admins.includes(by)) return 'not_allowed';
  if (event.version !== draft.version) return 'conflict';
  const version = draft.version + 1;
  const decided = { decidedBy: by, decidedAt: now, version };
  switch (event.kind) {
    case 'edit': {
      // A retirement has no text of its own to edit.
      if (!isOpen(draft) || draft.action === 'retire') return 'policy_draft_state';
      const authors = [...new Set([...draft.authors, by])];
      const edited = { authors, editedBy: by, editedAt: now, submittedAt: null, version };
      return { ...draft, ...event.content, ...edited, state: 'draft' };
    }
    case 'submit':
      if (draft.state !== 'draft') return 'policy_draft_state';
      return unfit(draft, circumstances) ?? { ...draft, state: 'submitted', submittedAt: now, version };
    case 'approve': {
      const refusal = mayNotApprove(draft, event, by, circumstances) ?? unfit(draft, circumstances);
      if (refusal !== undefined) return refusal;
      const publishedVersion = draft.action === 'publish' ? circumstances.nextVersion : null;
      return { ...draft, ...decided, state: 'published', publishedVersion };
    }
    case 'discard':
      return isOpen(draft) ? { ...draft, ...decided, state: 'discarded' } : 'policy_draft_state';
  }
}

/** Whether another version is in force than the one that the draft was written on. */
export function isOutdated(draft: Pick<DraftRecord, 'baseVersion'>, inForceVersion: number | null): boolean {
  return draft.baseVersion !== (inForceVersion ?? 0);
}

export function isOpen({ state }: Pick<DraftRecord, 'state'>): boolean {
  return state === 'draft' || state === 'submitted';
}

function mayNotApprove(
  draft: DraftRecord,
  { documentHash, steppedUp }: { documentHash: string; steppedUp: boolean },
  by: string,
  { admins }: Circumstances,
): ErrorCode | undefined {
  if (draft.state !== 'submitted') return 'policy_draft_state';
  if (documentHash !== draft.documentHash) return 'conflict';
  if (!draft.authors.includes(by)) return undefined;
  if (admins.length > 1) return 'second_approval_required';
  return steppedUp ? undefined : 'step_up_required';
}

function unfit(draft: DraftRecord, { inForce, faulty }: Circumstances): ErrorCode | undefined {
  if (isOutdated(draft, inForce?.version ?? null)) return 'policy_draft_outdated';
  // What is to be taken out of force need not be a document that could be published today.
  if (draft.action === 'retire') return inForce === null ? 'policy_draft_outdated' : undefined;
  if (faulty) return 'policy_invalid';
  return draft.documentHash === inForce?.documentHash ? 'policy_unchanged' : undefined;
}
