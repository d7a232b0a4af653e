import type { Kysely } from 'kysely';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { Id } from '@postern/shared/ids';
import { type Instant, toTimestamp } from '@postern/shared/time';
import { isLive } from '../policy/index.ts';
import type { Database } from '../storage/database.ts';
import { effectiveState } from './lifecycle.ts';
import { recordOf } from './record.ts';

export interface ExceptionFilter {
  id?: string | undefined;
  deviceId?: string | undefined;
  personId?: string | undefined;
  /** As stored; what time has ended is shown as ended whatever is asked for. */
  state?: string | undefined;
  /** Only older ones than this id. */
  before?: string | undefined;
  limit: number;
}

/** Exceptions as people see them, newest first, each with its state at `now`. */
export async function viewExceptions(
  read: Kysely<Database>,
  filter: ExceptionFilter,
  now: Instant,
): Promise<ExceptionView[]> {
  let query = read
    .selectFrom('exceptions')
    .innerJoin('users as person', 'person.id', 'exceptions.person_id')
    .innerJoin('users as requester', 'requester.id', 'exceptions.requested_by')
    .innerJoin('devices', 'devices.id', 'exceptions.device_id')
    .selectAll('exceptions')
    .select(['person.name as person_name', 'requester.name as requester_name', 'devices.name as device_name'])
    .orderBy('exceptions.id', 'desc')
    .limit(filter.limit);
  if (filter.id !== undefined) query = query.where('exceptions.id', '=', filter.id);
  if (filter.deviceId !== undefined) query = query.where('exceptions.device_id', '=', filter.deviceId);
  if (filter.personId !== undefined) query = query.where('exceptions.person_id', '=', filter.personId);
  if (filter.state !== undefined) query = query.where('exceptions.state', '=', filter.state);
  if (filter.before !== undefined) query = query.where('exceptions.id', '<', filter.before);
  const rows = await query.execute();
  if (rows.length === 0) return [];
  const decisions = await read
    .selectFrom('exception_decisions')
    .innerJoin('users', 'users.id', 'exception_decisions.actor_id')
    .selectAll('exception_decisions')
    .select('users.name as actor_name')
    .where(
      'exception_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('at')
    .execute();

  return rows.map((row) => {
    const record = recordOf(row, decisions);
    const state = effectiveState(record, now);
    return {
      id: row.id as Id<'exception'>,
      kind: 'device',
      state,
      live: isLive(record, now),
      person: { id: row.person_id as Id<'user'>, name: row.person_name },
      requestedBy: { id: row.requested_by as Id<'user'>, name: row.requester_name },
      device: { id: row.device_id as Id<'device'>, name: row.device_name },
      rules: [...record.rules],
      resources: [...record.resources],
      durationSeconds: Math.floor(record.durationMs / 1000),
      justification: row.justification,
      ticket: row.ticket,
      requestHash: row.request_hash,
      requestedAt: toTimestamp(row.requested_at),
      lapsesAt: toTimestamp(row.lapses_at),
      approvedAt: timestampOf(row.approved_at),
      expiresAt: timestampOf(row.expires_at),
      endedAt: timestampOf(
        row.ended_at ?? (state === 'lapsed' ? row.lapses_at : state === 'expired' ? row.expires_at : null),
      ),
      endedReason: row.ended_reason,
      extends: row.extends_id as Id<'exception'> | null,
      approvalsNeeded: row.approvals_needed,
      decisions: decisions
        .filter((decision) => decision.exception_id === row.id)
        .map((decision) => ({
          by: { id: decision.actor_id as Id<'user'>, name: decision.actor_name },
          verdict: decision.verdict === 'approve' ? ('approve' as const) : ('deny' as const),
          reason: decision.reason,
          at: toTimestamp(decision.at),
        })),
    };
  });
}

function timestampOf(instant: Instant | null): string | null {
  return instant === null ? null : toTimestamp(instant);
}
