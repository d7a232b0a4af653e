// The characters of RFC 3986, each percent sign with its two digits. `URL` forgives others.
const uriText = /^https?:\/\/(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})+$/i;
const authorityText = /^https?:\/\/([^/?#]*)/i;
const maxLength = 2048;

/**
 * An http(s) address in its normal form (RFC 3986 section 6.2.2 and 6.2.3: case, percent-encoding, dot segments, default
 * port), without query and fragment, as RFC 9449 section 4.3 wants `htu` compared. Undefined when it is no such address,
 * or one with credentials, or a host that programs spell differently (`0x7f.1`).
 */
export function normalAddress(text: string): string | undefined {
  if (text.length > maxLength || !uriText.test(text)) return undefined;
  const host = authorityText.exec(text)?.[1]?.replace(/:\d*$/, '').toLowerCase();
  const url = URL.parse(text.replaceAll(/%[0-9a-f]{2}/gi, normalTriplet));
  if (url === null || url.hostname !== host || url.username !== '' || url.password !== '') return undefined;
  return url.origin + url.pathname;
}

/** Unreserved characters stand for themselves, others in upper case (RFC 3986 sections 2.3 and 6.2.2.1). */
function normalTriplet(triplet: string): string {
  const character = String.fromCodePoint(Number.parseInt(triplet.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : triplet.toUpperCase();
}
