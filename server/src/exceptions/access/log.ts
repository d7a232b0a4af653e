import { sql } from 'kysely';
import type { Id } from '@postern/shared/ids';
import type { AccessLogEntry } from '@postern/shared/protocol/access';
import type { ExceptionState } from '@postern/shared/protocol/exception';
import { type Instant, second, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Store } from '../../storage/store.ts';
import { storedPlan } from '../plan/index.ts';

export interface AccessLogFilter {
  person?: string | undefined;
  resource?: string | undefined;
  /** In force, or ready to be begun, at some time from here … */
  from?: Instant | undefined;
  /** … to here. */
  to?: Instant | undefined;
  /** Only older requests than this one. */
  after?: string | undefined;
  limit: number;
}

/** So many requests of all kinds are looked at for a page. */
const window = 10_000;

/**
 * Who had access to what, when, for how long, and the tokens that were issued in between; newest first. A page costs no more
 * than a look at `window` requests: it may hold fewer than the limit, or nothing, and still name a next one.
 */
export async function readAccessLog(
  { read }: Pick<Store, 'read'>,
  filter: AccessLogFilter,
  now: Instant,
): Promise<{ items: AccessLogEntry[]; next: string | null }> {
  const rows = await logQuery(read, filter).execute();
  const items = [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((votes) => entryOf(votes, now) ?? []);
  if (items.length === filter.limit) return { items, next: items.at(-1)?.id ?? null };
  const edge = await lookedAt(read, filter)
    .select('id')
    .offset(window - 1)
    .limit(1)
    .executeTakeFirst();
  return { items, next: edge?.id ?? null };
}

/** By the ids, which rise with time; where one person is asked for, by the index on people. */
function lookedAt(read: Store['read'], { person, after }: AccessLogFilter) {
  return read
    .selectFrom('exceptions')
    .$if(person !== undefined, (query) => query.where('person_id', '=', person ?? ''))
    .$if(after !== undefined, (query) => query.where('id', '<', after ?? ''))
    .orderBy('id', 'desc');
}

function logQuery(read: Store['read'], filter: AccessLogFilter) {
  let given = read
    .selectFrom(lookedAt(read, filter).selectAll().limit(window).as('exceptions'))
    .selectAll()
    .where('kind', '=', 'access')
    .where('approved_at', 'is not', null)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  // Access is to one resource, always.
  if (filter.resource !== undefined) given = given.where('resources', '=', JSON.stringify([filter.resource]));
  if (filter.to !== undefined) given = given.where(sql`coalesce(begins_at, approved_at)`, '<', filter.to);
  if (filter.from !== undefined) given = given.where(sql`coalesce(ended_at, expires_at)`, '>', filter.from);
  return read
    .selectFrom(given.as('given'))
    .innerJoin('users as person', 'person.id', 'given.person_id')
    .innerJoin('users as requester', 'requester.id', 'given.requested_by')
    .innerJoin('devices', 'devices.id', 'given.device_id')
    .leftJoin('users as ender', 'ender.id', 'given.ended_by')
    .leftJoin('exception_decisions as vote', (join) =>
      join.onRef('vote.exception_id', '=', 'given.id').on('vote.verdict', '=', 'approve'),
    )
    .leftJoin('users as approver', 'approver.id', 'vote.actor_id')
    .selectAll('given')
    .select(['person.name as person_name', 'requester.name as requester_name', 'devices.name as device_name'])
    .select(['ender.name as ender_name', 'vote.actor_id as approver_id', 'approver.name as approver_name'])
    .select((select) => {
      const tokens = select.selectFrom('access_tokens').whereRef('access_tokens.grant_id', '=', 'given.id');
      return [
        tokens.select((each) => each.fn.countAll().as('count')).as('tokens'),
        tokens.select((each) => each.fn.min('access_tokens.issued_at').as('first')).as('first_token'),
        tokens.select((each) => each.fn.max('access_tokens.issued_at').as('last')).as('last_token'),
      ];
    })
    .orderBy('given.id', 'desc')
    .orderBy('vote.at')
    .orderBy('vote.actor_id');
}

type LogRow = Awaited<ReturnType<ReturnType<typeof logQuery>['execute']>>[number];

/** @param votes the rows of one grant, one for each who approved it */
function entryOf(votes: readonly LogRow[], now: Instant): AccessLogEntry | undefined {
  const [row] = votes;
  if (row === undefined || row.approved_at === null || row.expires_at === null) return undefined;
  const person = (id: string, name: string | null) => ({ id: id as Id<'user'>, name: name ?? '' });
  const begunAt = row.begins_at !== null && row.begins_at <= now ? row.begins_at : null;
  // Its time ends it whether or not anybody has noticed.
  const isOver = row.state === 'active' && row.expires_at <= now;
  const endedAt = isOver ? row.expires_at : row.ended_at;
  const inForceUntil = Math.min(endedAt ?? now, row.expires_at, now);
  return {
    id: row.id as Id<'exception'>,
    person: person(row.person_id, row.person_name),
    device: { id: row.device_id as Id<'device'>, name: row.device_name },
    resource: (JSON.parse(row.resources) as string[])[0] ?? '',
    role: row.role ?? '',
    template: row.template,
    reasonCode: row.reason_code,
    ticket: row.ticket,
    justification: row.justification,
    emergency: row.emergency === 1,
    requestedAt: toTimestamp(row.requested_at),
    requestedBy: person(row.requested_by, row.requester_name),
    approvedAt: toTimestamp(row.approved_at),
    approvedBy: votes.flatMap(({ approver_id: id, approver_name: name }) => (id === null ? [] : [person(id, name)])),
    autoApprovedBy: storedPlan(row.plan, row.approvals_needed).autoApprovedBy,
    begunAt: toTimestampOrNull(begunAt),
    expiresAt: toTimestamp(row.expires_at),
    state: isOver ? 'expired' : stateOf(row, now),
    endedAt: toTimestampOrNull(endedAt),
    endedBy: row.ended_by === null ? null : person(row.ended_by, row.ender_name),
    endedReason: row.ended_reason,
    secondsInForce: begunAt === null ? 0 : Math.max(0, Math.floor((inForceUntil - begunAt) / second)),
    tokens: {
      count: Number(row.tokens ?? 0),
      first: toTimestampOrNull(row.first_token),
      last: toTimestampOrNull(row.last_token),
    },
  };
}

/** Of one whose time is not over: what is stored, and what its beginning makes of it. */
function stateOf(row: Pick<LogRow, 'state' | 'begins_at'>, now: Instant): ExceptionState {
  if (row.state !== 'active') return row.state as ExceptionState;
  if (row.begins_at === null) return 'approved';
  return row.begins_at > now ? 'scheduled' : 'active';
}
