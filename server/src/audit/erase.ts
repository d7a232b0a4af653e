import type { Kysely } from 'kysely';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import { type Change, deleteAny, deleteOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Store } from '../storage/store.ts';
import type { Actor, AuditEvent } from './event.ts';

/**
 * Erases what a person wrote at an entry. The entry keeps the salted hash of it, so the chain still verifies, and
 * without the salt, which goes with the text, nobody can find out what it said. Erasing twice is no error.
 */
export function eraseText(seq: number): Change {
  return deleteAny('audit_texts', { seq });
}

export interface Erasure {
  actor: Actor;
  /** Kept as the text of an entry of its own: say why, and not again what was erased. */
  reason: string;
}

/** Erases the text of one entry, and records that. @throws Fault not_found where there is none (any more) */
export async function eraseTextAt(store: Store, seq: number, by: Erasure, now: Instant): Promise<void> {
  try {
    await store.commit({
      changes: [deleteOne('audit_texts', { seq })],
      audit: [erased(by, { kind: 'audit-entry', id: String(seq) }, 1, now)],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('not_found');
    throw error;
  }
}

const portion = 500;

/**
 * Erases every text in the audit that a person wrote, or that was written about them, their devices and their requests.
 * What else is stored of the person is not in the audit, and stays.
 *
 * @returns how many texts were erased
 */
export async function eraseTextsOf(store: Store, personId: string, by: Erasure, now: Instant): Promise<number> {
  const [devices, exceptions] = await Promise.all([
    store.read.selectFrom('devices').select('id').where('owner_id', '=', personId).execute(),
    store.read
      .selectFrom('exceptions')
      .select('id')
      .where((each) => each.or([each('person_id', '=', personId), each('requested_by', '=', personId)]))
      .execute(),
  ]);
  const ids = [personId, ...[...devices, ...exceptions].map(({ id }) => id)];
  const seqs = new Set<number>();
  for (let at = 0; at < ids.length; at += portion) {
    for (const { seq } of await textsOf(store.read, ids.slice(at, at + portion))) seqs.add(seq);
  }
  const all = [...seqs];
  for (let at = 0; at < all.length; at += portion) {
    const some = all.slice(at, at + portion);
    await store.commit({
      changes: some.map(eraseText),
      audit: [erased(by, { kind: 'person', id: personId }, some.length, now)],
    });
  }
  return all.length;
}

function textsOf(read: Kysely<Database>, ids: readonly string[]): Promise<{ seq: number }[]> {
  return read
    .selectFrom('audit_texts')
    .innerJoin('audit', 'audit.seq', 'audit_texts.seq')
    .select('audit.seq')
    .where((each) => each.or([each('audit.actor_id', 'in', ids), each('audit.subject_id', 'in', ids)]))
    .where('audit.type', '!=', 'audit.text-erased')
    .execute();
}

function erased({ actor, reason }: Erasure, subject: AuditEvent['subject'], texts: number, at: Instant): AuditEvent {
  return { at, type: 'audit.text-erased', outcome: 'success', actor, subject, data: { texts }, text: reason };
}
