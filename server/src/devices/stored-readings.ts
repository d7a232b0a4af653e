import { LRUCache } from 'lru-cache';
import type { Readings } from '@postern/shared/protocol/reading';

/** About 7 KB each: at most some 35 MB. */
const parsed = new LRUCache<string, { text: string; readings: Readings }>({ max: 5000 });

/**
 * The readings of a device, parsed once for as long as their text stands: they are read for each of its requests and
 * seldom change. The same text gives the same object, so that what follows from it can be kept beside it. Nobody may
 * change it.
 */
export function storedReadings(deviceId: string, text: string): Readings {
  const known = parsed.get(deviceId);
  if (known?.text === text) return known.readings;
  const readings = JSON.parse(text) as Readings;
  parsed.set(deviceId, { text, readings });
  return readings;
}
