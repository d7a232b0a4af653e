import type { Kysely } from 'kysely';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import { type Change, deleteAny, deleteOne } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import { ConflictError, type Store } from '../../storage/store.ts';
import type { Actor, AuditEvent } from '../event.ts';
import { copiesInMessages, copiesOfEntry, copiesOfPerson } from './copies.ts';

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

export interface Erased {
  /** Texts in the log. */
  texts: number;
  /** Where they stood too: requests, decisions, endings, reviews, messages. */
  copies: number;
}

/** Changes of one unit; and how often somebody may get in between before it is given up. */
const portion = 200;
const mostTries = 20;

/**
 * Erases the text of one entry, also where it stands in the exception or review that the entry is about and in the
 * messages that told of it, and records that.
 *
 * @throws Fault not_found where there is none (any more), conflict
 */
export async function eraseTextAt(store: Store, seq: number, by: Erasure, now: Instant): Promise<Erased> {
  return await unlessInBetween(async () => {
    const row = await store.read
      .selectFrom('audit_texts')
      .innerJoin('audit', 'audit.seq', 'audit_texts.seq')
      .select(['audit.subject_id', 'audit_texts.text'])
      .where('audit.seq', '=', seq)
      .executeTakeFirst();
    if (row === undefined) throw new Fault('not_found');
    const [copies, messages] = await Promise.all([
      copiesOfEntry(store.read, { subjectId: row.subject_id, text: row.text }),
      copiesInMessages(store.read, [seq]),
    ]);
    const erasing = { texts: 1, copies: copies.length + messages.length };
    await store.commit({
      changes: [deleteOne('audit_texts', { seq }), ...copies, ...messages],
      audit: [erased(by, { kind: 'audit-entry', id: String(seq) }, erasing, now)],
    });
    return erasing;
  });
}

/**
 * Erases every text that a person wrote, or that was written about them, their devices, requests and reviews: in the log,
 * in requests, decisions and reviews, and in messages. Why something was erased stays. In portions: where it is broken
 * off, doing it again does the rest.
 *
 * @throws Fault conflict
 */
export async function eraseTextsOf(store: Store, personId: string, by: Erasure, now: Instant): Promise<Erased> {
  const subject = { kind: 'person', id: personId };
  const all: Erased = { texts: 0, copies: 0 };
  for (let more = true; more;) {
    more = await unlessInBetween(async () => {
      const [seqs, copies] = await Promise.all([
        textsOfPerson(store.read, personId, portion),
        copiesOfPerson(store.read, personId, portion),
      ]);
      if (seqs.length === 0 && copies.length === 0) return false;
      const messages = await copiesInMessages(store.read, seqs);
      const erasing = { texts: seqs.length, copies: copies.length + messages.length };
      await store.commit({
        changes: [...seqs.map(eraseText), ...copies, ...messages],
        audit: [erased(by, subject, erasing, now)],
      });
      all.texts += erasing.texts;
      all.copies += erasing.copies;
      return true;
    });
  }
  return all;
}

async function unlessInBetween<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (tries === mostTries) throw new Fault('conflict', { cause: error });
    }
  }
}

async function textsOfPerson(read: Kysely<Database>, personId: string, limit: number): Promise<number[]> {
  const devices = read.selectFrom('devices').select('id').where('owner_id', '=', personId);
  const exceptions = read
    .selectFrom('exceptions')
    .select('id')
    .where((each) => each.or([each('person_id', '=', personId), each('requested_by', '=', personId)]));
  const reviews = read.selectFrom('reviews').select('id').where('person_id', '=', personId);
  const rows = await read
    .selectFrom('audit_texts')
    .innerJoin('audit', 'audit.seq', 'audit_texts.seq')
    .select('audit.seq')
    .where((each) =>
      each.or([
        each('audit.actor_id', '=', personId),
        each('audit.subject_id', '=', personId),
        each('audit.subject_id', 'in', devices),
        each('audit.actor_id', 'in', devices),
        each('audit.subject_id', 'in', exceptions),
        each('audit.subject_id', 'in', reviews),
      ]),
    )
    .where('audit.type', '!=', 'audit.text-erased')
    .orderBy('audit.seq')
    .limit(limit)
    .execute();
  return rows.map(({ seq }) => seq);
}

function erased({ actor, reason }: Erasure, subject: AuditEvent['subject'], what: Erased, at: Instant): AuditEvent {
  return { at, type: 'audit.text-erased', outcome: 'success', actor, subject, data: { ...what }, text: reason };
}
