import { Fault } from '@postern/shared/protocol/errors';
import { day, type Instant, toTimestamp } from '@postern/shared/time';
import type { Actor, AuditEventType } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { nextEpoch } from '../policy/index.ts';
import { updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';
import { readEpoch } from './candidates.ts';

type BrakeDeps = Pick<Deps, 'store'>;
type BrakeRow = Database['brakes'];

export interface Decided {
  actor: Actor;
  reason: string;
}

/** From when it opened; then somebody must have found out, or report-only is the honest name for it. */
const longestMs = 7 * day;

/** So long a brake can last, however often it is extended. */
export function latestEnd({ opened_at: openedAt, ends_at: endsAt }: Pick<BrakeRow, 'opened_at' | 'ends_at'>): Instant {
  return Math.max(openedAt + longestMs, endsAt);
}

/**
 * The readings are right: judge by them from now on. Grace begins anew with the next report of each device.
 *
 * @throws Fault not_found, brake_ended, conflict
 */
export async function releaseBrake({ store }: BrakeDeps, id: string, decided: Decided, now: Instant): Promise<void> {
  const { row, epoch } = await readHolding(store, id, now);
  const change = { state: 'released' };
  await commitDecision(store, row, epoch, { type: 'brake.released', change, data: {}, decided }, now);
}

/**
 * Nobody knows yet: hold on until then.
 *
 * @throws Fault not_found, brake_ended, brake_extension_invalid, conflict
 */
export async function extendBrake(
  { store }: BrakeDeps,
  id: string,
  { until, ...decided }: Decided & { until: Instant },
  now: Instant,
): Promise<void> {
  const { row, epoch } = await readHolding(store, id, now);
  const latest = latestEnd(row);
  if (until <= row.ends_at || until > latest) {
    const message = `must be after ${toTimestamp(row.ends_at)} and not after ${toTimestamp(latest)}`;
    throw new Fault('brake_extension_invalid', { details: [{ path: 'body.until', message }] });
  }
  const change = { ends_at: until };
  const data = { from: toTimestamp(row.ends_at), until: toTimestamp(until) };
  await commitDecision(store, row, epoch, { type: 'brake.extended', change, data, decided }, now);
}

async function readHolding({ read }: BrakeDeps['store'], id: string, now: Instant) {
  // The epoch first: what changes after it is noticed by its guard.
  const epoch = await readEpoch(read);
  const row = await read.selectFrom('brakes').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  if (row.state !== 'holding' || now >= row.ends_at) throw new Fault('brake_ended');
  return { row, epoch };
}

async function commitDecision(
  store: BrakeDeps['store'],
  row: BrakeRow,
  epoch: string,
  what: {
    type: AuditEventType;
    change: Partial<BrakeRow>;
    data: { [name: string]: string };
    decided: Decided;
  },
  now: Instant,
): Promise<void> {
  const { id, version, check_id: check, os_build: build } = row;
  const { actor, reason } = what.decided;
  try {
    await store.commit({
      changes: [
        nextEpoch(epoch),
        updateOne(
          'brakes',
          { id, version, state: 'holding' },
          { ...what.change, decided_by: actor.id, decided_at: now, reason, version: version + 1 },
        ),
      ],
      audit: [
        {
          at: now,
          type: what.type,
          outcome: 'success',
          actor,
          subject: { kind: 'brake', id },
          data: { check, build, ...what.data },
          text: reason,
        },
      ],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
}
