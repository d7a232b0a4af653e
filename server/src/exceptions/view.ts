import type { Id } from '@postern/shared/ids';
import type { ExceptionKind, ExceptionView } from '@postern/shared/protocol/exception';
import type { Authn } from '@postern/shared/protocol/step-up';
import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { readVoters, unanswerable } from './asking/answerable.ts';
import { holdingExceptions } from './holding.ts';
import { effectiveState, endedByTime } from './lifecycle/lifecycle.ts';
import { exceptionQuery, readException, readVotes, recordOf } from './read.ts';
import { managerAsked, tally } from './lifecycle/tally.ts';

export interface ExceptionFilter {
  id?: string | undefined;
  ids?: readonly string[] | undefined;
  kind?: ExceptionKind | undefined;
  setId?: string | undefined;
  deviceId?: string | undefined;
  personId?: string | undefined;
  /** Only those of the person whose device it is now. */
  ofOwner?: boolean | undefined;
  /** As stored; what has ended by itself is shown as ended whatever is asked for. */
  state?: string | undefined;
  /** Only older ones than this id. */
  before?: string | undefined;
  limit: number;
}

/** Exceptions as people see them, newest first, each with its state at `now`. */
export async function viewExceptions(
  deps: Pick<Deps, 'store' | 'policies'>,
  filter: ExceptionFilter,
  now: Instant,
): Promise<ExceptionView[]> {
  const { read } = deps.store;
  let query = exceptionQuery(read)
    .innerJoin('users as person', 'person.id', 'exceptions.person_id')
    .innerJoin('users as requester', 'requester.id', 'exceptions.requested_by')
    .innerJoin('devices', 'devices.id', 'exceptions.device_id')
    .select(['person.name as person_name', 'requester.name as requester_name', 'devices.name as device_name'])
    .orderBy('exceptions.id', 'desc')
    .limit(filter.limit);
  if (filter.id !== undefined) query = query.where('exceptions.id', '=', filter.id);
  if (filter.ids !== undefined) query = query.where('exceptions.id', 'in', filter.ids);
  if (filter.kind !== undefined) query = query.where('exceptions.kind', '=', filter.kind);
  if (filter.setId !== undefined) query = query.where('exceptions.set_id', '=', filter.setId);
  if (filter.deviceId !== undefined) query = query.where('exceptions.device_id', '=', filter.deviceId);
  if (filter.personId !== undefined) query = query.where('exceptions.person_id', '=', filter.personId);
  if (filter.ofOwner === true) query = query.whereRef('exceptions.person_id', '=', 'devices.owner_id');
  const { state } = filter;
  // What is granted is stored as active; whether it has begun is for its times to say.
  const stored = state === 'scheduled' || state === 'approved' ? 'active' : state;
  if (stored !== undefined) query = query.where('exceptions.state', '=', stored);
  if (state === 'approved') query = query.where('exceptions.begins_at', 'is', null);
  if (state === 'scheduled') query = query.where('exceptions.begins_at', '>', now);
  if (state === 'active') query = query.where('exceptions.begins_at', '<=', now);
  if (filter.before !== undefined) query = query.where('exceptions.id', '<', filter.before);
  const rows = await query.execute();
  const votes = await readVotes(
    read,
    rows.map(({ id }) => id),
  );
  const found = rows.map((row) => ({ row, record: recordOf(row, votes) }));
  const holding = await holdingExceptions(
    deps,
    found.map(({ record }) => record),
    now,
  );

  return found.map(({ row, record }): ExceptionView => {
    const ended = endedByTime(record, now);
    const { given } = tally(record.plan.stages, record.decisions, managerAsked(record));
    return {
      id: row.id as Id<'exception'>,
      kind: record.kind,
      state: effectiveState(record, now),
      live: holding.has(row.id),
      person: { id: row.person_id as Id<'user'>, name: row.person_name },
      requestedBy: { id: row.requested_by as Id<'user'>, name: row.requester_name },
      device: { id: row.device_id as Id<'device'>, name: row.device_name },
      rules: [...record.rules],
      resources: [...record.resources],
      role: record.role,
      template: record.plan.template,
      reasonCode: row.reason_code,
      set: row.set_id as Id<'exceptionSet'> | null,
      emergency: record.emergency,
      durationSeconds: Math.floor(record.durationMs / 1000),
      justification: row.justification,
      ticket: row.ticket,
      observed: Object.entries(record.observed).map(([rule, { outcome, value }]) => ({ rule, outcome, value })),
      requestHash: row.request_hash,
      requestedAt: toTimestamp(row.requested_at),
      lapsesAt: toTimestamp(row.lapses_at),
      approvedAt: toTimestampOrNull(row.approved_at),
      startsAt: toTimestampOrNull(row.starts_at),
      beginsAt: toTimestampOrNull(row.begins_at),
      expiresAt: toTimestampOrNull(row.expires_at),
      endedAt: toTimestampOrNull(row.ended_at ?? ended?.at ?? null),
      endedReason: row.ended_reason ?? ended?.reason ?? null,
      extends: row.extends_id as Id<'exception'> | null,
      approvalsNeeded: row.approvals_needed,
      stages: record.plan.stages.map((stage, index) => ({
        ...stage,
        groups: stage.groups === null ? null : [...stage.groups],
        given: given[index] ?? 0,
      })),
      autoApprovedBy: record.plan.autoApprovedBy,
      stepUp: record.plan.stepUp,
      requestedAuthn: row.requested_authn === null ? null : (JSON.parse(row.requested_authn) as Authn),
      risk: record.plan.risk,
      conditions: [...record.plan.conditions],
      decisions: votes
        .filter(({ exceptionId }) => exceptionId === row.id)
        .map(({ actorId, actorName, verdict, reason, at, authn }) => ({
          by: { id: actorId as Id<'user'>, name: actorName },
          verdict,
          reason,
          at: toTimestamp(at),
          authn,
        })),
    };
  });
}

/** One exception as people see it. Undefined when there is none. */
export async function viewException(
  deps: Pick<Deps, 'store' | 'policies'>,
  id: string,
  now: Instant,
): Promise<ExceptionView | undefined> {
  const [exception] = await viewExceptions(deps, { id, limit: 1 }, now);
  return exception && { ...exception, stuck: exception.state === 'pending' ? await stuckBy(deps, id) : null };
}

async function stuckBy({ store }: Pick<Deps, 'store'>, id: string): Promise<string | null> {
  const record = await readException(store.read, id);
  if (record === undefined) return null;
  return unanswerable(record, record.personId, await readVoters(store.read, record.managerId));
}
