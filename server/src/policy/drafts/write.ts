import { toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../../audit/event.ts';
import type { Deps } from '../../deps.ts';
import { type Change, insert, updateOne } from '../../storage/change.ts';
import { ConflictError } from '../../storage/store.ts';
import { readDraft, readSituation, type Situation } from './circumstances.ts';
import { draftEvent } from './events.ts';
import { type DraftContent, type DraftEvent, transition } from './lifecycle.ts';
import { type DraftRecord, rowOf } from './record.ts';
import { refuse } from './refuse.ts';

type DraftDeps = Pick<Deps, 'store' | 'random'>;

/** More drafts that nobody has decided on help nobody. Not exact: two at the same instant may pass it together. */
const maxOpen = 500;

/** A draft of somebody, as it begins. */
export function newDraft(
  { random }: Pick<Deps, 'random'>,
  wish: { document: string; note: string | null; by: string },
  situation: Situation,
  now: Instant,
): DraftRecord {
  const { by } = wish;
  return {
    ...contentOf(wish, situation),
    id: toId('policyDraft', random.uuid()),
    action: 'publish',
    state: 'draft',
    createdBy: by,
    createdAt: now,
    authors: [by],
    editedBy: by,
    editedAt: now,
    submittedAt: null,
    decidedBy: null,
    decidedAt: null,
    publishedVersion: null,
    version: 1,
  };
}

/**
 * Keeps a text that may become a version. It may have faults: who writes it wants to save what is half done.
 *
 * @returns the id of the draft
 * @throws Fault policy_drafts_too_many
 */
export async function createDraft(
  deps: DraftDeps,
  wish: { document: string; note: string | null; by: string },
  now: Instant,
): Promise<string> {
  await refuseTooMany(deps);
  const draft = newDraft(deps, wish, await readSituation(deps.store, wish.document), now);
  const audit = [draftEvent('policy.drafted', draft, wish.by, now, { text: draft.note })];
  await deps.store.commit({ changes: [insert('policy_drafts', rowOf(draft))], audit });
  return draft.id;
}

/** Throws Fault policy_drafts_too_many. */
export async function refuseTooMany({ store }: Pick<Deps, 'store'>): Promise<void> {
  const { open } = await store.read
    .selectFrom('policy_drafts')
    .select((select) => select.fn.countAll<number>().as('open'))
    .where('state', 'in', ['draft', 'submitted'])
    .executeTakeFirstOrThrow();
  if (open >= maxOpen) throw new Fault('policy_drafts_too_many');
}

/**
 * Edits a draft, which takes a submission back and puts it on the version that is in force now; submits it; or discards it.
 *
 * @throws Fault not_found, conflict, policy_draft_state, policy_draft_outdated, policy_invalid, policy_unchanged, not_allowed
 */
export async function changeDraft(
  { store }: Pick<Deps, 'store'>,
  change: {
    id: string;
    by: string;
    version: number;
    reason?: string | undefined;
  } & ({ kind: 'edit'; document: string; note: string | null } | { kind: 'submit' | 'discard' }),
  now: Instant,
): Promise<void> {
  const { id, by, version } = change;
  const { draft, situation: asItIs } = await readDraft(store, id);
  const situation = change.kind === 'edit' ? await readSituation(store, change.document) : asItIs;
  const event: DraftEvent =
    change.kind === 'edit'
      ? { kind: 'edit', version, content: contentOf(change, situation) }
      : { kind: change.kind, version };
  const after = transition(draft, event, by, situation.circumstances, now);
  if (typeof after === 'string') throw refuse(after, draft, situation);
  try {
    await store.commit({ changes: [draftChange(draft, after)], audit: [eventOf(change, after, now)] });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
}

function contentOf(
  { document, note }: { document: string; note: string | null },
  { content: { policy, documentHash }, circumstances: { inForce } }: Situation,
): DraftContent {
  return { policy, document, documentHash, note, baseVersion: inForce?.version ?? 0 };
}

function eventOf(
  { kind, by, reason }: { kind: 'edit' | 'submit' | 'discard'; by: string; reason?: string | undefined },
  after: DraftRecord,
  now: Instant,
): AuditEvent {
  if (kind === 'edit') return draftEvent('policy.draft-edited', after, by, now, { text: after.note });
  if (kind === 'submit') return draftEvent('policy.draft-submitted', after, by, now);
  return draftEvent('policy.draft-discarded', after, by, now, { text: reason });
}

/** What becomes of a stored draft, guarded by what it was when that was decided. */
export function draftChange(before: DraftRecord, after: DraftRecord): Change {
  const { id, ...row } = rowOf(after);
  return updateOne('policy_drafts', { id, version: before.version, state: before.state }, row);
}
