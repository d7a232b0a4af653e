import { sql } from 'kysely';
import { type Instant, second } from '@postern/shared/time';
import type { FollowDeps } from './follow.ts';
import { readPlace } from './place.ts';
import { readOpenStreams } from './fan-out.ts';
import { reassess } from './reassess.ts';
import { tell, type Told } from './tell.ts';
import type { Occasion } from './trust-change.ts';

/** Devices in one unit: few, because they are judged on the thread that answers requests. */
const portion = 25;

/**
 * Looks at the devices whose trust changes by time alone: a deadline, the end of an exception, evidence that grew old.
 *
 * @returns undefined when there are none
 */
export async function lookAtDue(deps: FollowDeps, now: Instant): Promise<Told | undefined> {
  const place = await readPlace(deps);
  const rows = await deps.store.read
    .selectFrom('device_trust')
    .select(['device_id', 'next_at'])
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .limit(portion)
    .execute();
  if (rows.length === 0) return undefined;
  const occasions = new Map<string, Occasion>(
    rows.map(({ device_id: id, next_at: at }) => [
      id,
      { at: at ?? now, initiator: 'policy', txn: `time-${id}-${at ?? now}` },
    ]),
  );
  const streams = await readOpenStreams(deps);
  return await tell(deps, streams, place, place, await reassess(deps, streams, occasions, now), now);
}

/** Evidence that is told as too old is older than this, whatever the policy: what came just before that was told is a new one. */
const margin = 10 * second;

/**
 * Looks at devices that had not reported in time, and have since. No entry of the audit says that where their verdict is what
 * it was before.
 *
 * @param among those that are known to have reported; null: all there are
 */
export async function lookAtReturned(
  deps: FollowDeps,
  among: readonly string[] | null,
  now: Instant,
): Promise<Told | undefined> {
  const place = await readPlace(deps);
  let returned = deps.store.read
    .selectFrom('device_trust')
    .innerJoin('evidence', 'evidence.device_id', 'device_trust.device_id')
    .select(['device_trust.device_id', 'evidence.received_at'])
    .where((where) => where('evidence.received_at', '>', where(where.ref('device_trust.since'), '-', margin)))
    .limit(portion);
  // Written as in the index of those few.
  if (among === null) returned = returned.where('device_trust.reason', '=', sql.lit('evidence_stale'));
  // Whose person has left reports all the same, and its posture is kept.
  else
    returned = returned
      .where('device_trust.device_id', 'in', among)
      .where((where) =>
        where.or([where('device_trust.reason', '=', 'evidence_stale'), where('device_trust.posture', '=', 'stale')]),
      );
  const rows = await returned.execute();
  if (rows.length === 0) return undefined;
  const occasions = new Map<string, Occasion>(
    rows.map(({ device_id: id, received_at: at }) => [id, { at, initiator: 'policy', txn: `report-${id}-${at}` }]),
  );
  const streams = await readOpenStreams(deps);
  const reassessed = await reassess(deps, streams, occasions, now);
  // Still too old, by a policy that wants it younger than the margin: then there is nothing to write.
  if (reassessed.changes.length === 0) return undefined;
  return await tell(deps, streams, place, place, reassessed, now);
}

/**
 * Looks at the next of all devices, while the rulebook is another than the one they were last looked through by, or some were
 * never looked at. Another portion each time, so that what happens meanwhile is told in between.
 *
 * @param epoch of the rulebook in force
 * @returns undefined when all are through
 */
export async function lookThrough(deps: FollowDeps, epoch: string, now: Instant): Promise<Told | undefined> {
  const place = await readPlace(deps);
  const isNew = place.epoch !== epoch;
  if (!isNew && place.swept === null) return undefined;
  const after = isNew ? '' : (place.swept ?? '');
  const rows = await deps.store.read
    .selectFrom('devices')
    .select('id')
    .where('id', '>', after)
    .orderBy('id')
    .limit(portion)
    .execute();
  const streams = await readOpenStreams(deps);
  const reassessed = await reassess(deps, streams, new Map(rows.map(({ id }) => [id, null])), now);
  const swept = rows.length < portion ? null : (rows.at(-1)?.id ?? null);
  return await tell(deps, streams, place, { ...place, epoch, swept }, reassessed, now);
}
