import { sql } from 'kysely';
import type { Id } from '@postern/shared/ids';
import type { ReviewDetail, ReviewKind, ReviewVerdict, ReviewView } from '@postern/shared/protocol/review';
import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { viewExceptions } from '../exceptions/index.ts';
import type { Database } from '../storage/database.ts';
import { type Read, readChain, standingOf } from './chain.ts';
import { readParties } from './parties.ts';
import { readCandidates } from './reviewers.ts';

type ReviewRow = Database['reviews'];

interface Filter {
  /** `overdue` is open too. */
  state: ReviewView['state'] | undefined;
  after: string | undefined;
  limit: number;
}

/** Of the reviews that wait, so many are looked through for somebody's own, and so many of those are shown. */
const mostWaiting = 2000;
const mostShown = 200;

/** Reviews, newest first. */
export async function listReviews(read: Read, { state, after, limit }: Filter, now: Instant) {
  let query = read
    .selectFrom('reviews')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (after !== undefined) query = query.where('id', '<', after);
  if (state !== undefined) query = query.where('decided_at', state === 'decided' ? 'is not' : 'is', null);
  if (state === 'overdue') query = query.where('due_at', '<=', now);
  const rows = await query.execute();
  const items = await present(read, rows.slice(0, limit), now);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/**
 * What somebody is asked to review and may, first what is due first. Where everybody who was asked has left, all who may are
 * asked: nothing is left lying for whom it was given to.
 */
export async function reviewsFor(read: Read, personId: string, now: Instant): Promise<ReviewView[]> {
  const there = new Set((await readCandidates(read)).map(({ id }) => id));
  const rows = await read
    .selectFrom('reviews')
    .selectAll()
    .where('decided_at', 'is', null)
    .orderBy('due_at')
    .orderBy('id')
    .limit(mostWaiting)
    .execute();
  const asked = rows.filter(({ reviewers }) => {
    const named = JSON.parse(reviewers) as string[];
    return named.includes(personId) || !named.some((id) => there.has(id));
  });
  const theirs: ReviewRow[] = [];
  for (const row of asked) {
    if (theirs.length >= mostShown) break;
    const parties = await readParties(read, subjectOf(row), now);
    if (!parties.has(personId)) theirs.push(row);
  }
  return present(read, theirs, now);
}

/** One review with what is to be looked at; undefined when there is none of that id. */
export async function readReview(
  deps: Pick<Deps, 'store' | 'policies'>,
  id: string,
  asker: { id: string; isReviewer: boolean },
  now: Instant,
): Promise<ReviewDetail | undefined> {
  const { read } = deps.store;
  const row = await read.selectFrom('reviews').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const [view] = await present(read, [row], now);
  if (view === undefined) return undefined;
  const parties = await readParties(read, subjectOf(row), now);
  const mayDecide = row.decided_at === null && asker.isReviewer && !parties.has(asker.id);
  if (row.kind === 'rule')
    return { ...view, mayDecide, exception: null, tokens: null, measured: await readMeasured(read, row.subject_id) };
  const chain = await readChain(read, row.subject_id);
  const shown = standingOf(chain, now)?.id ?? row.subject_id;
  const [exception = null] = await viewExceptions(deps, { id: shown, limit: 1 }, now);
  return { ...view, mayDecide, exception, tokens: await countTokens(read, chain), measured: null };
}

function subjectOf(row: ReviewRow) {
  return { kind: row.kind as ReviewKind, id: row.subject_id };
}

async function readMeasured(read: Read, rule: string): Promise<string | null> {
  const flag = await read
    .selectFrom('abuse_flags')
    .select('sentence')
    .where('kind', '=', 'exception-rate')
    .where('subject', '=', rule)
    .orderBy('opened_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return flag?.sentence ?? null;
}

async function countTokens(read: Read, chain: Awaited<ReturnType<typeof readChain>>): Promise<number> {
  if (chain.length === 0) return 0;
  const row = await read
    .selectFrom('access_tokens')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where(
      'device_id',
      'in',
      chain.map((link) => link.device_id),
    )
    // As the index on the device has it: tokens that leaned on nothing are not in it.
    .where('exceptions', '<>', sql.lit('[]'))
    .where((where) =>
      where.or(chain.flatMap(({ id }) => [where('grant_id', '=', id), where('exceptions', 'like', `%"${id}"%`)])),
    )
    .executeTakeFirst();
  return row?.count ?? 0;
}

async function present(read: Read, rows: readonly ReviewRow[], now: Instant): Promise<ReviewView[]> {
  const reviewers = new Map(rows.map((row) => [row.id, JSON.parse(row.reviewers) as string[]]));
  const ids = rows.flatMap((row) => [row.person_id, row.decided_by, ...(reviewers.get(row.id) ?? [])]);
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  const people =
    wanted.length === 0
      ? []
      : await read.selectFrom('users').select(['id', 'name']).where('id', 'in', wanted).execute();
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const personOf = (id: string) => ({ id: id as Id<'user'>, name: names.get(id) ?? id });
  return rows.map((row) => ({
    id: row.id as Id<'review'>,
    kind: row.kind as ReviewKind,
    subject: row.subject_id,
    person: row.person_id === null ? null : personOf(row.person_id),
    reason: row.reason,
    state: row.decided_at !== null ? 'decided' : row.due_at <= now ? 'overdue' : 'open',
    reviewers: (reviewers.get(row.id) ?? []).map(personOf),
    openedAt: toTimestamp(row.opened_at),
    dueAt: toTimestamp(row.due_at),
    decidedAt: toTimestampOrNull(row.decided_at),
    decidedBy: row.decided_by === null ? null : personOf(row.decided_by),
    verdict: row.verdict as ReviewVerdict | null,
    note: row.note,
  }));
}
