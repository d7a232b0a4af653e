// The characters of RFC 3986, each percent sign with its two digits. `new URL` forgives others.
const uriText = /^https?:\/\/(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})+$/i;
const authorityText = /^https?:\/\/([^/?#]*)/i;
const maxLength = 2048;

/**
 * An http(s) address in normal form (RFC 3986 sections 6.2.2 and 6.2.3) without query and fragment, as RFC 9449 section 4.3 has
 * `htu` compared. Undefined for anything else, for one with credentials, and for hosts that programs spell differently (`0x7f.1`).
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

/** A backslash, a control character, or a dot segment, also one with parameters (`..;`). */
// oxlint-disable-next-line no-control-regex
const confusing = /[\\\u0000-\u001f\u007f]|\/\.{1,2}(?:[;/]|$)/;
/** Nobody means to encode anything so often. */
const mostDecodings = 5;

/**
 * Whether programs may read a path differently, once they have decoded it as often as they like: a slash that comes out of
 * it, or what is confusing. The backend refuses the same.
 */
function isConfusing(path: string): boolean {
  const slashes = path.split('/').length;
  let text = path;
  for (let decodings = 0; decodings < mostDecodings; decodings += 1) {
    if (confusing.test(text) || text.split('/').length !== slashes) return true;
    const decoded = text.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, 16)),
    );
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}

/**
 * The whole address that a request was sent to.
 *
 * @param publicUrl where clients reach the application; a path of its own comes before that of the request
 * @param target path and query as they were sent, or an address below `publicUrl`
 * @returns undefined for another origin, and for a path on which two programs may disagree
 */
export function requestAddress(publicUrl: URL, target: string): string | undefined {
  const prefix = publicUrl.pathname.replace(/\/$/, '');
  const absolute = /^https?:/i.test(target);
  if (absolute && URL.parse(target)?.origin !== publicUrl.origin) return undefined;
  if (!absolute && !target.startsWith('/')) return undefined;
  const below = absolute ? target.replace(authorityText, '') : prefix + target;
  const path = below.split('?', 1)[0] ?? '';
  // A fragment is never sent; what a `#` means to the next program nobody knows.
  if (isConfusing(path) || below.includes('#')) return undefined;
  const address = publicUrl.origin + (below.startsWith('/') ? below : `/${below}`);
  return normalAddress(address) === undefined ? undefined : address;
}
