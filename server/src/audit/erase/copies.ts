import type { Kysely } from 'kysely';
import { type Change, updateAny, updateOne } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';

/** Stands where a text was erased that a row cannot be without. */
export const erasedText = '[erased]';

type Read = Kysely<Database>;
type ExceptionText = Pick<
  Database['exceptions'],
  'id' | 'version' | 'justification' | 'ticket' | 'ended_by' | 'ended_reason'
>;

const exceptionColumns = ['id', 'version', 'justification', 'ticket', 'ended_by', 'ended_reason'] as const;

/**
 * What people wrote stands in the log and, as long as it is worked with, in the row that it is about. These erase it there.
 * The hash of a request stays as it is: it says that what was approved is what was asked for, and tells no text.
 */

/** Up to `limit` texts that a person wrote on requests, decisions and reviews, or that were written on theirs. */
export async function copiesOfPerson(read: Read, personId: string, limit: number): Promise<Change[]> {
  const own = read
    .selectFrom('exceptions')
    .select('id')
    .where((each) => each.or([each('person_id', '=', personId), each('requested_by', '=', personId)]));
  const [exceptions, decisions, reviews] = await Promise.all([
    read
      .selectFrom('exceptions')
      .select([...exceptionColumns, 'person_id', 'requested_by'])
      .where((each) =>
        each.or([
          each.and([
            each.or([each('person_id', '=', personId), each('requested_by', '=', personId)]),
            each.or([
              each('justification', '!=', erasedText),
              each('ticket', '!=', erasedText),
              each.and([each('ended_by', 'is not', null), each('ended_reason', '!=', erasedText)]),
            ]),
          ]),
          each.and([each('ended_by', '=', personId), each('ended_reason', '!=', erasedText)]),
        ]),
      )
      .limit(limit)
      .execute(),
    read
      .selectFrom('exception_decisions')
      .select(['exception_id', 'actor_id'])
      .where('reason', '!=', erasedText)
      .where((each) => each.or([each('actor_id', '=', personId), each('exception_id', 'in', own)]))
      .limit(limit)
      .execute(),
    read
      .selectFrom('reviews')
      .select('id')
      .where('note', '!=', erasedText)
      .where((each) => each.or([each('decided_by', '=', personId), each('person_id', '=', personId)]))
      .limit(limit)
      .execute(),
  ]);
  const isOwn = (row: { person_id: string; requested_by: string }) =>
    row.person_id === personId || row.requested_by === personId;
  return [
    ...exceptions.map((row) => withoutTexts(row, { request: isOwn(row), ending: row.ended_by !== null })),
    ...decisions.map(decisionWithoutReason),
    ...reviews.map(reviewWithoutNote),
  ].slice(0, limit);
}

/** Where the text of one entry stands too, in the exception or the review that the entry is about. */
export async function copiesOfEntry(
  read: Read,
  { subjectId, text }: { subjectId: string | null; text: string },
): Promise<Change[]> {
  if (subjectId === null) return [];
  const [exception, decisions, reviews] = await Promise.all([
    read.selectFrom('exceptions').select(exceptionColumns).where('id', '=', subjectId).executeTakeFirst(),
    read
      .selectFrom('exception_decisions')
      .select(['exception_id', 'actor_id'])
      .where('exception_id', '=', subjectId)
      .where('reason', '=', text)
      .execute(),
    read.selectFrom('reviews').select('id').where('id', '=', subjectId).where('note', '=', text).execute(),
  ]);
  const request =
    exception !== undefined &&
    (exception.justification === text || `${exception.justification} (${exception.ticket})` === text);
  const ending = exception?.ended_reason === text;
  return [
    ...(exception !== undefined && (request || ending) ? [withoutTexts(exception, { request, ending })] : []),
    ...decisions.map(decisionWithoutReason),
    ...reviews.map(reviewWithoutNote),
  ];
}

/** Messages that told of these entries, waiting, sent or read: each holds what was written. */
export async function copiesInMessages(read: Read, seqs: readonly number[]): Promise<Change[]> {
  if (seqs.length === 0) return [];
  // As notify/ names the entry that a message tells of.
  const events = seqs.map((seq) => `audit:${seq}`);
  const [notices, deliveries] = await Promise.all([
    read.selectFrom('notices').select(['id', 'body']).where('event_id', 'in', events).execute(),
    read.selectFrom('deliveries').select(['id', 'body']).where('event_id', 'in', events).execute(),
  ]);
  return [
    ...notices.filter(holdsText).map(({ id, body }) => updateAny('notices', { id }, { body: withoutText(body) })),
    ...deliveries.filter(holdsText).map(({ id, body }) => updateAny('deliveries', { id }, { body: withoutText(body) })),
  ];
}

/** Guarded: who edits the request at the same time would write back what is erased. */
function withoutTexts(row: ExceptionText, which: { request: boolean; ending: boolean }): Change {
  const { id, version } = row;
  return updateOne(
    'exceptions',
    { id, version },
    {
      version: version + 1,
      ...(which.request ? { justification: erasedText, ticket: row.ticket === null ? null : erasedText } : {}),
      ...(which.ending && row.ended_reason !== null ? { ended_reason: erasedText } : {}),
    },
  );
}

function decisionWithoutReason(key: Pick<Database['exception_decisions'], 'exception_id' | 'actor_id'>): Change {
  return updateAny(
    'exception_decisions',
    { exception_id: key.exception_id, actor_id: key.actor_id },
    { reason: erasedText },
  );
}

function reviewWithoutNote({ id }: Pick<Database['reviews'], 'id'>): Change {
  return updateAny('reviews', { id }, { note: erasedText });
}

function holdsText({ body }: { body: string }): boolean {
  const { text } = JSON.parse(body) as { text?: string | null };
  return typeof text === 'string' && text !== erasedText;
}

function withoutText(body: string): string {
  return JSON.stringify({ ...(JSON.parse(body) as object), text: erasedText });
}
