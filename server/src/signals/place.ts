import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';

/**
 * How far signals have come. One row, which guards every unit that writes events or what receivers know: of two nodes that
 * tell of the same thing the second is refused, and the order of events is the order of commits.
 */
export interface Place {
  /** The entry of the audit up to which everything was told. */
  seq: number;
  /** Of the last event. */
  position: number;
  /** The rulebook by which all devices were, or are being, looked through. */
  epoch: string;
  /** The last device of that; null when it is through. */
  swept: string | null;
  /** Rises with every change of a stream, so that no event is written for one as it was before. */
  streams: number;
}

const key = 'signals';

const placeSchema = z.object({
  seq: z.int(),
  position: z.int(),
  epoch: z.string(),
  swept: z.string().nullable(),
  streams: z.int(),
});

/** Where signals are; begins at the end of the audit when they have not begun: what was there before is no news. */
export async function readPlace(deps: Pick<Deps, 'store'>): Promise<Place> {
  const { read } = deps.store;
  const row = await read.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  if (row !== undefined) return placeSchema.parse(JSON.parse(row.value));
  const head = await read.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  const begun: Place = { seq: head?.seq ?? 0, position: 0, epoch: '', swept: null, streams: 0 };
  try {
    await deps.store.commit({ changes: [insert('meta', { key, value: written(begun) })], audit: [] });
    return begun;
  } catch (error) {
    // Another node began.
    if (error instanceof ConflictError) return await readPlace(deps);
    throw error;
  }
}

/** The guard of a unit that writes events, streams or what receivers know. */
export function moved(from: Place, to: Place): Change {
  return updateOne('meta', { key, value: written(from) }, { value: written(to) });
}

/** The text is compared as a whole, so its members always stand in this order. */
function written({ seq, position, epoch, swept, streams }: Place): string {
  return JSON.stringify({ seq, position, epoch, swept, streams });
}
