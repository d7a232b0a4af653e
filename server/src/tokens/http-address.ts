import { LRUCache } from 'lru-cache';
import { normalAddress } from '@postern/shared/http-address';

/** The same few come with every request, and taking one apart costs 10 µs. */
const known = new LRUCache<string, { normal: string | undefined }>({ max: 100 });
/** Longer ones fill no memory. */
const longestKept = 2048;

/** Whether a proof for `left` is a proof for `right`. */
export function isSameAddress(left: string, right: string): boolean {
  const normal = normalOf(left);
  return normal !== undefined && normal === normalOf(right);
}

function normalOf(text: string): string | undefined {
  if (text.length > longestKept) return undefined;
  let found = known.get(text);
  if (found === undefined) {
    found = { normal: normalAddress(text) };
    known.set(text, found);
  }
  return found.normal;
}
