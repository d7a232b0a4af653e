import { toId } from '@postern/shared/ids';
import { type SignalType, type StreamSignalType } from '@postern/shared/protocol/signal';
import type { Json } from '@postern/shared/canonical';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type Change, insert } from '../storage/change.ts';
import { claimsOf, type Signal } from './signal.ts';
import { changeAt, type TrustChange } from './trust-change.ts';

/** A stream that keeps what happens for its receiver: enabled, or paused. */
export interface OpenStream {
  id: string;
  resources: readonly string[];
  /** Types that it delivers. */
  events: readonly string[];
}

type FanOutDeps = Pick<Deps, 'random'> & { config: Pick<Deps['config'], 'issuer'> };

export interface Written {
  changes: Change[];
  /** Of the last event. */
  position: number;
  /** Streams that got one. */
  streams: ReadonlySet<string>;
}

/** An event for each stream that asked for its type and whose gateway protects what it is about. */
export function toStreams(
  deps: FanOutDeps,
  streams: readonly OpenStream[],
  { signals, trust }: { signals: readonly Signal[]; trust: readonly TrustChange[] },
  from: { position: number },
  now: Instant,
): Written {
  const changes: Change[] = [];
  const told = new Set<string>();
  let { position } = from;
  for (const stream of streams) {
    const changed = trust.flatMap((change) => changeAt(change, stream.resources) ?? []);
    for (const signal of [...signals, ...changed].filter((each) => concerns(each, stream))) {
      position += 1;
      told.add(stream.id);
      const { type, happenedAt } = signal;
      const claims = claimsOf(signal, deps.config.issuer);
      changes.push(newEvent(deps, { stream: stream.id, position, type, claims, happenedAt }, now));
    }
  }
  return { changes, position, streams: told };
}

function concerns({ type, resources }: Signal, stream: OpenStream): boolean {
  if (!stream.events.includes(type)) return false;
  return resources === null || resources.some((resource) => stream.resources.includes(resource));
}

/** An event as it waits. Its id is the one that it has on every attempt to deliver it. */
export function newEvent(
  { random }: Pick<Deps, 'random'>,
  event: {
    stream: string;
    position: number;
    type: SignalType | StreamSignalType;
    claims: { [name: string]: Json };
    happenedAt: Instant;
  },
  now: Instant,
): Change {
  return insert('ssf_events', {
    stream_id: event.stream,
    jti: toId('signal', random.uuid()),
    position: event.position,
    type: event.type,
    claims: JSON.stringify(event.claims),
    happened_at: event.happenedAt,
    created_at: now,
  });
}

/** Streams of gateways that are there. */
export async function readOpenStreams({ store }: Pick<Deps, 'store'>): Promise<OpenStream[]> {
  const rows = await store.read
    .selectFrom('ssf_streams')
    .innerJoin('gateways', 'gateways.id', 'ssf_streams.gateway_id')
    .select(['ssf_streams.id', 'ssf_streams.events_requested', 'gateways.resources'])
    .where('ssf_streams.status', 'in', ['enabled', 'paused'])
    .where('gateways.removed_at', 'is', null)
    .orderBy('ssf_streams.id')
    .execute();
  return rows.map(({ id, events_requested, resources }) => ({
    id,
    events: JSON.parse(events_requested) as string[],
    resources: JSON.parse(resources) as string[],
  }));
}
