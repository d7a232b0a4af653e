import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Change } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { type OpenStream, toStreams } from './fan-out.ts';
import { moved, type Place } from './place.ts';
import type { Signal } from './signal.ts';
import type { TrustChange } from './trust-change.ts';

export type TellDeps = Pick<Deps, 'store' | 'random'> & { config: Pick<Deps['config'], 'issuer'> };

export interface Told {
  /** False: another node was faster, or a stream was changed meanwhile. Nothing was written. */
  written: boolean;
  /** Streams that have something new. */
  streams: ReadonlySet<string>;
}

/** Writes what receivers are to hear, what they then know, and how far that is, as one. */
export async function tell(
  deps: TellDeps,
  streams: readonly OpenStream[],
  from: Place,
  to: Omit<Place, 'position' | 'streams'>,
  given: { signals?: readonly Signal[]; trust: readonly TrustChange[]; changes: readonly Change[] },
  now: Instant,
): Promise<Told> {
  const events = toStreams(deps, streams, { signals: given.signals ?? [], trust: given.trust }, from, now);
  const next: Place = { ...to, position: events.position, streams: from.streams };
  try {
    await deps.store.commit({ changes: [moved(from, next), ...given.changes, ...events.changes], audit: [] });
    return { written: true, streams: events.streams };
  } catch (error) {
    if (error instanceof ConflictError) return { written: false, streams: new Set() };
    throw error;
  }
}
