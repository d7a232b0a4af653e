import { type Kysely, sql } from 'kysely';
import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { Authn } from '@postern/shared/protocol/step-up';
import type { Instant } from '@postern/shared/time';
import type { ObservedRule } from '../policy/types.ts';
import type { Database } from '../storage/database.ts';
import { hasDeciderRole } from './deciding/decider.ts';
import { storedPlan } from './plan/index.ts';
import type { Decision, ExceptionRecord } from './lifecycle/record.ts';

type Read = Kysely<Database>;

/** One exception with its votes, or undefined. */
export async function readException(read: Read, id: string): Promise<ExceptionRecord | undefined> {
  const [record] = await readRecords(read, exceptionQuery(read).where('exceptions.id', '=', id));
  return record;
}

/** These, in no order. */
export async function readExceptions(read: Read, ids: readonly string[]): Promise<ExceptionRecord[]> {
  if (ids.length === 0) return [];
  return readRecords(read, exceptionQuery(read).where('exceptions.id', 'in', ids));
}

/** Those that were asked for together, oldest first. */
export async function readSet(read: Read, setId: string): Promise<ExceptionRecord[]> {
  return readRecords(read, exceptionQuery(read).where('exceptions.set_id', '=', setId).orderBy('exceptions.id'));
}

/** The exceptions of a device that wait or were approved and that nobody has ended, newest first. */
export async function readOpenExceptions(read: Read, deviceId: string): Promise<ExceptionRecord[]> {
  const query = exceptionQuery(read)
    .where('exceptions.device_id', '=', deviceId)
    .where('exceptions.state', 'in', ['pending', 'active'])
    .orderBy('exceptions.id', 'desc');
  return readRecords(read, query);
}

/** Open exceptions that endedByTime calls ended, oldest first: the ones to be announced. */
export async function readOverdue(read: Read, now: Instant, limit: number): Promise<ExceptionRecord[]> {
  const query = exceptionQuery(read)
    .where((where) =>
      where.or([
        where.and([where('exceptions.state', '=', 'pending'), where('exceptions.lapses_at', '<=', now)]),
        where.and([
          where('exceptions.state', '=', 'pending'),
          where('extended.ended_at', 'is not', null),
          where('extended.state', '<>', 'expired'),
        ]),
        where.and([where('exceptions.state', '=', 'active'), where('exceptions.expires_at', '<=', now)]),
      ]),
    )
    .orderBy('exceptions.id')
    .limit(limit);
  return readRecords(read, query);
}

/** Those in force of people who have left, oldest first. */
export async function readOfTheGone(read: Read, limit: number): Promise<ExceptionRecord[]> {
  const query = exceptionQuery(read)
    .where('exceptions.state', '=', 'active')
    // To the letter as the index on those who have left has it: asked each second, of each exception in force.
    .where((where) =>
      where.exists(
        where
          .selectFrom('users as gone')
          .select('gone.id')
          .whereRef('gone.id', '=', 'exceptions.person_id')
          .where('gone.active', '=', sql.lit(0)),
      ),
    )
    .orderBy('exceptions.id')
    .limit(limit);
  return readRecords(read, query);
}

/** Those that were to begin later, have, and of which no entry says so. Few are under way at a time. */
export async function readUnannouncedBeginnings(read: Read, now: Instant, limit: number): Promise<ExceptionRecord[]> {
  const query = exceptionQuery(read)
    .where('exceptions.state', '=', 'active')
    .where('exceptions.begins_at', '<=', now)
    .where('exceptions.expires_at', '>', now)
    .whereRef('exceptions.begins_at', '>', 'exceptions.approved_at')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('audit')
            .select('audit.seq')
            .whereRef('audit.subject_id', '=', 'exceptions.id')
            .where('audit.type', '=', 'exception.begun'),
        ),
      ),
    )
    .orderBy('exceptions.id')
    .limit(limit);
  return readRecords(read, query);
}

/** Whom stages may ask as the manager of somebody: one who is active, and somebody else; null where there is none. */
export async function readManager(read: Read, personId: string): Promise<string | null> {
  const row = await read
    .selectFrom('users as person')
    .innerJoin('users as manager', 'manager.id', 'person.manager_id')
    .select('manager.id')
    .where('person.id', '=', personId)
    .whereRef('manager.id', '<>', 'person.id')
    .where('manager.active', '=', 1)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** What an extension extends, with all that this extends in turn. */
export interface Chain {
  /** The last of them. */
  tip: string;
  /** When the first of them began, from which the cumulative cap counts; null while it has not. */
  startedAt: Instant | null;
  /** How many of them are extensions themselves. */
  renewals: number;
}

/** The chain that ends with this exception; null without one. */
export async function readChain(read: Read, extendsId: string | null): Promise<Chain | null> {
  if (extendsId === null) return null;
  const row = await read
    .withRecursive('chain', (db) =>
      db
        .selectFrom('exceptions')
        .select(['extends_id', 'approved_at', 'begins_at'])
        .where('id', '=', extendsId)
        .unionAll(
          db
            .selectFrom('exceptions')
            .innerJoin('chain', 'chain.extends_id', 'exceptions.id')
            .select(['exceptions.extends_id', 'exceptions.approved_at', 'exceptions.begins_at']),
        ),
    )
    .selectFrom('chain')
    .select((select) => [
      select.fn.min(select.fn.coalesce('begins_at', 'approved_at')).as('started_at'),
      select.fn.count('extends_id').as('renewals'),
    ])
    .executeTakeFirst();
  return row === undefined ? null : { tip: extendsId, startedAt: row.started_at, renewals: Number(row.renewals) };
}

/** Exceptions with what they extend, and the manager of whom they are for; a record is made of a row by recordOf. */
export function exceptionQuery(read: Read) {
  return (
    read
      .selectFrom('exceptions')
      .leftJoin('exceptions as extended', 'extended.id', 'exceptions.extends_id')
      .leftJoin('users as asked_for', 'asked_for.id', 'exceptions.person_id')
      // Somebody who has left, or is their own manager, decides nothing: then there is none.
      .leftJoin('users as manager', (join) =>
        join
          .onRef('manager.id', '=', 'asked_for.manager_id')
          .onRef('manager.id', '<>', 'asked_for.id')
          .on('manager.active', '=', 1),
      )
      .selectAll('exceptions')
      .select('manager.id as person_manager_id')
      .select(['extended.state as extended_state', 'extended.ended_at as extended_ended_at'])
  );
}

type ExceptionRow = Awaited<ReturnType<ReturnType<typeof exceptionQuery>['execute']>>[number];

async function readRecords(read: Read, query: ReturnType<typeof exceptionQuery>): Promise<ExceptionRecord[]> {
  const rows = await query.execute();
  const votes = await readVotes(
    read,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => recordOf(row, votes));
}

export interface Vote extends Decision {
  exceptionId: string;
  actorName: string;
  reason: string | null;
  authn: Authn | null;
  at: Instant;
}

/** The votes on these exceptions, oldest first. */
export async function readVotes(read: Read, exceptionIds: readonly string[]): Promise<Vote[]> {
  if (exceptionIds.length === 0) return [];
  const rows = await read
    .selectFrom('exception_decisions as vote')
    .innerJoin('users', 'users.id', 'vote.actor_id')
    .innerJoin('exceptions', 'exceptions.id', 'vote.exception_id')
    .innerJoin('users as asked_for', 'asked_for.id', 'exceptions.person_id')
    .select(['vote.exception_id', 'vote.actor_id', 'vote.verdict', 'vote.reason', 'vote.at', 'vote.authn'])
    .select(['users.name', 'users.active', 'users.roles', 'users.groups', 'asked_for.manager_id'])
    .where('vote.exception_id', 'in', exceptionIds)
    .orderBy('vote.at')
    .orderBy('vote.actor_id')
    .execute();
  return rows.map((row) => {
    const isDecider = hasDeciderRole(row.roles);
    return {
      exceptionId: row.exception_id,
      actorId: row.actor_id,
      actorName: row.name,
      verdict: row.verdict === 'approve' ? 'approve' : 'deny',
      isDecider,
      counts: row.active === 1 && (isDecider || row.actor_id === row.manager_id),
      groups: JSON.parse(row.groups) as string[],
      reason: row.reason,
      authn: row.authn === null ? null : (JSON.parse(row.authn) as Authn),
      at: row.at,
    };
  });
}

export function recordOf(row: ExceptionRow, votes: readonly Vote[]): ExceptionRecord {
  return {
    id: row.id,
    kind: row.kind === 'access' ? 'access' : 'device',
    role: row.role,
    setId: row.set_id,
    emergency: row.emergency === 1,
    startsAt: row.starts_at,
    beginsAt: row.begins_at,
    plan: storedPlan(row.plan, row.approvals_needed),
    state: row.state as ExceptionState,
    personId: row.person_id,
    requestedBy: row.requested_by,
    managerId: row.person_manager_id,
    said: { justification: row.justification, ticket: row.ticket, reasonCode: row.reason_code },
    deviceId: row.device_id,
    jkt: row.jkt,
    rules: JSON.parse(row.rules) as string[],
    resources: JSON.parse(row.resources) as string[],
    observed: JSON.parse(row.observed) as Record<string, ObservedRule>,
    durationMs: row.duration_ms,
    requestHash: row.request_hash,
    approvalsNeeded: row.approvals_needed,
    extendsId: row.extends_id,
    extended:
      row.extended_state === null
        ? null
        : { state: row.extended_state as ExceptionState, endedAt: row.extended_ended_at },
    requestedAt: row.requested_at,
    lapsesAt: row.lapses_at,
    approvedAt: row.approved_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    decisions: votes.filter(({ exceptionId }) => exceptionId === row.id),
    version: row.version,
  };
}
