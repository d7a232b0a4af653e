import { Fault } from '@postern/shared/protocol/errors';
import { type StreamStatusChange, type StreamStatusView, streamSignalTypes } from '@postern/shared/protocol/signal';
import { type Instant, second } from '@postern/shared/time';
import { type AuditEvent, systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { deleteAny, updateOne } from '../storage/change.ts';
import { changeStreams, streamEvent } from './change-streams.ts';
import { newEvent } from './fan-out.ts';
import { gateway, readStream } from './streams.ts';
import { streamStatus, verificationIntervalMs } from './stream-view.ts';

/**
 * Sets the status of a stream as its receiver wants it. A disabled stream keeps nothing: what happens until it is enabled
 * again is not told afterwards.
 *
 * @throws Fault not_found, conflict
 */
export async function setStatus(
  deps: Pick<Deps, 'store'>,
  gatewayId: string,
  wish: StreamStatusChange,
  now: Instant,
): Promise<StreamStatusView> {
  return await changeStreams(deps, async () => {
    const before = await readStream(deps, gatewayId, wish.stream_id);
    const { id, version } = before;
    const set = {
      status: wish.status,
      status_reason: wish.reason ?? null,
      attempts: 0,
      next_at: now,
      failing_since: null,
      last_error: null,
      version: version + 1,
    };
    // Of one that was disabled all that is left is that it was.
    const isDropped = wish.status === 'disabled' || before.status === 'disabled';
    const dropped = isDropped ? [deleteAny('ssf_events', { stream_id: id })] : [];
    const data = { gateway: gatewayId, from: before.status, to: wish.status };
    const unit = {
      changes: [updateOne('ssf_streams', { id, version }, set), ...dropped],
      audit: [streamEvent('stream.changed', id, gateway(gatewayId), data, now)],
      looksThrough: before.status === 'disabled',
    };
    return { unit, result: streamStatus({ ...before, ...set }) };
  });
}

/**
 * Puts a verification event at the end of the stream (SSF section 8.1.4).
 *
 * @throws Fault not_found, too_many_requests, conflict
 */
export async function askVerification(
  deps: Pick<Deps, 'store' | 'random'>,
  gatewayId: string,
  wish: { stream_id: string; state?: string | undefined },
  now: Instant,
): Promise<void> {
  await changeStreams(deps, async ({ position }) => {
    const { id, version, verified_at: last, status } = await readStream(deps, gatewayId, wish.stream_id);
    const waitMs = last === null ? 0 : last + verificationIntervalMs - now;
    if (waitMs > 0)
      throw new Fault('too_many_requests', { headers: { 'Retry-After': String(Math.ceil(waitMs / second)) } });
    const event = verification(deps, { id, position: position + 1, state: wish.state }, now);
    // Of one that is disabled nothing is kept, whatever it is.
    const isKept = status !== 'disabled';
    const unit = {
      changes: [
        updateOne('ssf_streams', { id, version }, { verified_at: now, version: version + 1 }),
        ...(isKept ? [event] : []),
      ],
      audit: [],
      events: 1,
    };
    return { unit, result: undefined };
  });
}

/** The same by an admin, to any stream. @throws Fault not_found, stream_disabled, conflict */
export async function testStream(
  deps: Pick<Deps, 'store' | 'random'>,
  id: string,
  by: AuditEvent['actor'],
  now: Instant,
): Promise<void> {
  await changeStreams(deps, async ({ position }) => {
    const row = await deps.store.read.selectFrom('ssf_streams').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new Fault('not_found');
    if (row.status === 'disabled') throw new Fault('stream_disabled');
    const unit = {
      changes: [verification(deps, { id, position: position + 1, state: undefined }, now)],
      audit: [streamEvent('stream.tested', id, by, { gateway: row.gateway_id }, now)],
      events: 1,
    };
    return { unit, result: undefined };
  });
}

/**
 * Holds a stream back, or lets it go on, as an admin wants it: what happens meanwhile is kept for the receiver, who is told
 * of the new status at the end of the stream (SSF section 8.1.5).
 *
 * @throws Fault not_found, stream_disabled, conflict
 */
export async function holdStream(
  deps: Pick<Deps, 'store' | 'random'>,
  id: string,
  { status, reason }: { status: 'enabled' | 'paused'; reason: string | null },
  by: AuditEvent['actor'],
  now: Instant,
): Promise<void> {
  await changeStreams(deps, async ({ position }) => {
    const row = await deps.store.read.selectFrom('ssf_streams').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new Fault('not_found');
    // Of one that is disabled everything is lost: only its receiver can begin anew.
    if (row.status === 'disabled') throw new Fault('stream_disabled');
    if (row.status === status) return { unit: { changes: [], audit: [] }, result: undefined };
    const { version } = row;
    const set = { status, status_reason: reason, attempts: 0, next_at: now, version: version + 1 };
    const data = { gateway: row.gateway_id, from: row.status, to: status };
    const type = streamSignalTypes.streamUpdated;
    const claims = {
      sub_id: { format: 'opaque', id },
      events: { [type]: { status, ...(reason === null ? {} : { reason }) } },
    };
    const unit = {
      changes: [
        updateOne('ssf_streams', { id, version }, set),
        newEvent(deps, { stream: id, position: position + 1, type, claims, happenedAt: now }, now),
      ],
      audit: [streamEvent('stream.changed', id, by, data, now)],
      events: 1,
    };
    return { unit, result: undefined };
  });
}

/**
 * Disables a stream that has fallen too far behind: it keeps nothing any more, and the last thing in it says so, for when the
 * receiver comes back (SSF section 8.1.5).
 */
export async function disableStream(
  deps: Pick<Deps, 'store' | 'random'>,
  id: string,
  reason: string,
  now: Instant,
): Promise<void> {
  await changeStreams(deps, async ({ position }) => {
    const row = await deps.store.read.selectFrom('ssf_streams').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined || row.status === 'disabled') return { unit: { changes: [], audit: [] }, result: undefined };
    const { version } = row;
    const set = { status: 'disabled', status_reason: reason, attempts: 0, next_at: now, version: version + 1 };
    const claims = {
      sub_id: { format: 'opaque', id },
      events: { [streamSignalTypes.streamUpdated]: { status: 'disabled', reason } },
    };
    const type = streamSignalTypes.streamUpdated;
    const unit = {
      changes: [
        updateOne('ssf_streams', { id, version }, set),
        deleteAny('ssf_events', { stream_id: id }),
        newEvent(deps, { stream: id, position: position + 1, type, claims, happenedAt: now }, now),
      ],
      audit: [streamEvent('stream.disabled', id, systemActor, { gateway: row.gateway_id, reason }, now)],
      events: 1,
    };
    return { unit, result: undefined };
  });
}

function verification(
  deps: Pick<Deps, 'random'>,
  { id, position, state }: { id: string; position: number; state: string | undefined },
  now: Instant,
) {
  const type = streamSignalTypes.verification;
  const claims = {
    sub_id: { format: 'opaque', id },
    events: { [type]: state === undefined ? {} : { state } },
  };
  return newEvent(deps, { stream: id, position, type, claims, happenedAt: now }, now);
}
