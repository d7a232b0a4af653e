import type { ExpressionBuilder, Kysely } from 'kysely';
import type { ExceptionKind } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { Database } from '../../storage/database.ts';
import { areFew, isOfNamed, type Named, readNamed } from './named.ts';

/** What a list of exceptions is narrowed by. */
export interface ListFilter {
  kind?: ExceptionKind | undefined;
  setId?: string | undefined;
  deviceId?: string | undefined;
  personId?: string | undefined;
  /** As stored; `scheduled` and `approved` by their times. */
  state?: string | undefined;
  /** `open`: granted and not over; `over`: ended, however. */
  standing?: 'open' | 'over' | undefined;
  /** `policy/rule` */
  rule?: string | undefined;
  template?: string | undefined;
  /** Only what ends before then. */
  endsBefore?: Instant | undefined;
  /** Part of the name of a person or a device. */
  q?: string | undefined;
}

interface Page {
  /** `ending`: what ends first is first, with standing `open` only. */
  sort: 'newest' | 'ending';
  after: string | undefined;
  limit: number;
}

type Builder = ExpressionBuilder<Database, 'exceptions'>;

/** So many are looked at for a page, where no index leads to exactly what is asked for. */
const window = 5000;

/**
 * Ids of one page of exceptions. However rare what is asked for is, a page costs no more than a look at `window` rows: it may
 * then hold fewer than the limit, or nothing, and still name a next one.
 */
export async function findExceptions(
  read: Kysely<Database>,
  filter: ListFilter,
  page: Page,
  now: Instant,
): Promise<{ ids: string[]; next: string | null }> {
  const named = filter.q === undefined ? undefined : await readNamed(read, filter.q);
  if (named === null) return { ids: [], next: null };
  const order =
    page.sort === 'ending' ? await endingFirst(read, page.after, now) : newestFirst(read, filter, named, page);
  const rows = await read
    .selectFrom(order.limit(window).as('exceptions'))
    .select('id')
    .where((where) => matching(where, filter, named, now))
    .$if(page.sort === 'ending', (query) => query.orderBy('expires_at').orderBy('id'))
    .$if(page.sort === 'newest', (query) => query.orderBy('id', 'desc'))
    .limit(page.limit + 1)
    .execute();
  const ids = rows.slice(0, page.limit).map(({ id }) => id);
  if (rows.length > page.limit) return { ids, next: ids.at(-1) ?? null };
  const edge = await order
    .clearSelect()
    .select('id')
    .offset(window - 1)
    .limit(1)
    .executeTakeFirst();
  return { ids, next: edge?.id ?? null };
}

/** By the index that leads to the fewest; without one by the ids, which rise with time. */
function newestFirst(read: Kysely<Database>, filter: ListFilter, named: Named | undefined, { after }: Page) {
  const { personId, deviceId, setId, state } = filter;
  return read
    .selectFrom('exceptions')
    .selectAll()
    .$if(personId !== undefined, (query) => query.where('person_id', '=', personId ?? ''))
    .$if(deviceId !== undefined, (query) => query.where('device_id', '=', deviceId ?? ''))
    .$if(setId !== undefined, (query) => query.where('set_id', '=', setId ?? ''))
    .$if(state === 'pending', (query) => query.where('state', '=', 'pending'))
    .$if(named !== undefined && areFew(named), (query) => (named === undefined ? query : query.where(isOfNamed(named))))
    .$if(after !== undefined, (query) => query.where('id', '<', after ?? ''))
    .orderBy('id', 'desc');
}

/** By the index on state and end. The cursor is an exception: its end says where to go on. */
async function endingFirst(read: Kysely<Database>, after: string | undefined, now: Instant) {
  const last =
    after === undefined
      ? undefined
      : await read
          .selectFrom('exceptions')
          .select(['id', 'expires_at'])
          .where('id', '=', after)
          .where('expires_at', '>', now)
          .executeTakeFirst();
  const from = last?.expires_at ?? now + 1;
  return read
    .selectFrom('exceptions')
    .selectAll()
    .where('state', '=', 'active')
    .where('expires_at', '>=', from)
    .$if(last !== undefined, (query) =>
      query.where((where) => where.or([where('expires_at', '>', from), where('id', '>', last?.id ?? '')])),
    )
    .orderBy('expires_at')
    .orderBy('id');
}

function matching(where: Builder, filter: ListFilter, named: Named | undefined, now: Instant) {
  const all = [
    equal(where, 'kind', filter.kind),
    equal(where, 'set_id', filter.setId),
    equal(where, 'device_id', filter.deviceId),
    equal(where, 'person_id', filter.personId),
    equal(where, 'template', filter.template),
    ...inState(where, filter.state, now),
    ...(filter.standing === 'open' ? [where('state', '=', 'active'), where('expires_at', '>', now)] : []),
    ...(filter.standing === 'over' ? [isOver(where, now)] : []),
    ...(filter.endsBefore === undefined ? [] : [where('expires_at', '<', filter.endsBefore)]),
    // A reference has no quotes, and no character that stands for another.
    ...(filter.rule === undefined ? [] : [where('rules', 'like', `%"${filter.rule}"%`)]),
    ...(named === undefined ? [] : [isOfNamed(named)]),
  ];
  return where.and(all.filter((each) => each !== undefined));
}

function equal(
  where: Builder,
  column: 'kind' | 'set_id' | 'device_id' | 'person_id' | 'template',
  value: string | undefined,
) {
  return value === undefined ? undefined : where(column, '=', value);
}

/** What is granted is stored as active; whether it has begun is for its times to say. */
function inState(where: Builder, state: string | undefined, now: Instant) {
  if (state === undefined) return [];
  const stored = state === 'scheduled' || state === 'approved' ? 'active' : state;
  const is = where('state', '=', stored);
  if (state === 'approved') return [is, where('begins_at', 'is', null)];
  if (state === 'scheduled') return [is, where('begins_at', '>', now)];
  return state === 'active' ? [is, where('begins_at', '<=', now)] : [is];
}

/** Also what ended by itself and nobody has announced yet. */
function isOver(where: Builder, now: Instant) {
  return where.or([
    where('state', 'not in', ['pending', 'active']),
    where.and([where('state', '=', 'active'), where('expires_at', '<=', now)]),
    where.and([where('state', '=', 'pending'), where('lapses_at', '<=', now)]),
  ]);
}
