import { Fault } from '@postern/shared/protocol/errors';
import type { PollAnswer, PollRequest } from '@postern/shared/protocol/signal';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type Change, deleteAny, updateAny } from '../storage/change.ts';
import type { SignalMetrics } from './metrics.ts';
import { receiverError } from './receiver-error.ts';
import { type HandOverDeps, securityEventToken } from './hand-over.ts';
import { findStream } from './streams.ts';
import type { StreamRow } from './stream-view.ts';
import type { WaitingRoom } from './waiting-room.ts';

export type PollDeps = Pick<Deps, 'store' | 'clock' | 'log'> &
  HandOverDeps & {
    config: Pick<Deps['config'], 'pollWaitMs'>;
    waitingRoom: WaitingRoom;
    metrics: SignalMetrics;
  };

const defaultEvents = 100;
/** Each costs a signature. */
const mostEvents = 500;

/**
 * Hands the oldest events of a gateway's stream over (RFC 8936), after taking note of what was made of those before. They are
 * kept, and handed over again, until they are acknowledged.
 *
 * @throws Fault not_found when the gateway has no stream that is polled
 */
export async function poll(deps: PollDeps, gatewayId: string, request: PollRequest, now: Instant): Promise<PollAnswer> {
  const stream = await polled(deps, gatewayId);
  await takeNote(deps, stream, request, now);
  const limit = Math.min(request.maxEvents ?? defaultEvents, mostEvents);
  if (limit === 0) return { sets: {}, moreAvailable: (await readEvents(deps, stream, 1)).length > 0 };
  let events = await readEvents(deps, stream, limit + 1);
  if (events.length === 0 && request.returnImmediately !== true) {
    await deps.waitingRoom.wait(stream.id, deps.config.pollWaitMs);
    events = await readEvents(deps, stream, limit + 1);
  }
  const sets = await Promise.all(
    events
      .slice(0, limit)
      .map(async (event) => [event.jti, await securityEventToken(deps, event, gatewayId, deps.clock.now())] as const),
  );
  return { sets: Object.fromEntries(sets), moreAvailable: events.length > limit };
}

async function polled(deps: Pick<Deps, 'store'>, gatewayId: string): Promise<StreamRow> {
  const stream = await findStream(deps, gatewayId);
  if (stream === undefined || stream.delivery !== 'poll') throw new Fault('not_found');
  return stream;
}

/** Oldest first; nothing of a stream that is paused. */
async function readEvents({ store }: Pick<Deps, 'store'>, { id }: StreamRow, limit: number) {
  return await store.read
    .selectFrom('ssf_events')
    .innerJoin('ssf_streams', 'ssf_streams.id', 'ssf_events.stream_id')
    .select(['ssf_events.jti', 'ssf_events.claims', 'ssf_events.created_at'])
    .where('ssf_events.stream_id', '=', id)
    .where('ssf_streams.status', '<>', 'paused')
    .where('ssf_streams.delivery', '=', 'poll')
    .orderBy('ssf_events.position')
    .limit(limit)
    .execute();
}

/** What was taken, and what could not be made sense of: neither is handed over again (RFC 8936 section 2.4). */
async function takeNote(
  { store, log, metrics }: Pick<PollDeps, 'store' | 'log' | 'metrics'>,
  { id }: StreamRow,
  { ack = [], setErrs = {} }: PollRequest,
  now: Instant,
): Promise<void> {
  const refused = Object.entries(setErrs).map(([jti, { err }]) => ({ jti, error: receiverError(err) }));
  if (ack.length === 0 && refused.length === 0) return;
  const { error } = refused.at(-1) ?? { error: null };
  const changes: Change[] = [
    ...(await forgetting({ store }, id, [...ack, ...refused.map(({ jti }) => jti)])),
    updateAny('ssf_streams', { id }, { delivered_at: now, last_error: error === null ? null : `it refused: ${error}` }),
  ];
  await store.commit({ changes, audit: [] });
  metrics.signalsHandedOver('poll', 'taken', ack.length);
  metrics.signalsHandedOver('poll', 'refused', refused.length);
  if (refused.length > 0) log.warn({ stream: id, refused: refused.slice(0, 10) }, 'a receiver could not read signals');
}

/**
 * Takes events out of a stream. Those that were acknowledged are nearly always the oldest ones: then one change does for all,
 * which is safe because positions only rise.
 */
async function forgetting({ store }: Pick<Deps, 'store'>, stream: string, jtis: readonly string[]): Promise<Change[]> {
  const named = new Set(jtis);
  const oldest = await store.read
    .selectFrom('ssf_events')
    .select(['jti', 'position'])
    .where('stream_id', '=', stream)
    .orderBy('position')
    .limit(named.size + 1)
    .execute();
  const firstKept = oldest.findIndex(({ jti }) => !named.has(jti));
  const prefix = firstKept === -1 ? oldest : oldest.slice(0, firstKept);
  const last = prefix.at(-1);
  const inPrefix = new Set(prefix.map(({ jti }) => jti));
  return [
    ...(last === undefined ? [] : [deleteAny('ssf_events', { stream_id: stream, position: { lte: last.position } })]),
    ...[...named].filter((jti) => !inPrefix.has(jti)).map((jti) => deleteAny('ssf_events', { stream_id: stream, jti })),
  ];
}
