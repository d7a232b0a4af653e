import { canonicalJson } from '@postern/shared/canonical';
import type { Reading, Readings } from '@postern/shared/protocol/reading';

/** Whether what was seen now says the same as what was reported, as far as it was looked at. When it was read does not count. */
export function sameReadings(reported: Readings, seen: Readings): boolean {
  return Object.entries(seen).every(([id, reading]) => {
    const before = reported[id];
    return before !== undefined && essence(before) === essence(reading);
  });
}

function essence(reading: Reading): string {
  return canonicalJson({ ...reading, collectedAt: null });
}
