import { LRUCache } from 'lru-cache';

// Characters of RFC 3986, each percent sign with its two digits. `new URL` forgives others.
const uriText = /^https?:\/\/(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})+$/i;
const authorityText = /^https?:\/\/([^/?#]*)/i;

/** The same few come with every request, and taking one apart costs 10 µs. */
const known = new LRUCache<string, { normal: string | undefined }>({ max: 100 });

/**
 * An http(s) address in its normal form (RFC 3986 section 6.2.2 and 6.2.3: case, percent-encoding, dot segments, default
 * port), without query and fragment, as RFC 9449 section 4.3 wants `htu` compared. Undefined when it is no such address,
 * or one with credentials, or a host that programs spell differently (`0x7f.1`).
 */
export function normalAddress(text: string): string | undefined {
  if (text.length > 2048) return undefined;
  let found = known.get(text);
  if (found === undefined) {
    found = { normal: normalise(text) };
    known.set(text, found);
  }
  return found.normal;
}

function normalise(text: string): string | undefined {
  if (!uriText.test(text)) return undefined;
  const host = authorityText.exec(text)?.[1]?.replace(/:\d*$/, '').toLowerCase();
  let url: URL;
  try {
    url = new URL(text.replaceAll(/%[0-9a-f]{2}/gi, normalTriplet));
  } catch {
    return undefined;
  }
  if (url.hostname !== host || url.username !== '' || url.password !== '') return undefined;
  return url.origin + url.pathname;
}

/** Whether a proof for `left` is a proof for `right`. */
export function isSameAddress(left: string, right: string): boolean {
  const normal = normalAddress(left);
  return normal !== undefined && normal === normalAddress(right);
}

/** Unreserved characters stand for themselves, others in upper case (RFC 3986 sections 2.3 and 6.2.2.1). */
function normalTriplet(triplet: string): string {
  const character = String.fromCodePoint(Number.parseInt(triplet.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : triplet.toUpperCase();
}
