import { normalAddress } from '../http-address.ts';

const originText = /^https?:\/\/[^/?#]*/i;

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
  const below = absolute ? target.replace(originText, '') : prefix + target;
  const path = below.split('?', 1)[0] ?? '';
  // A fragment is never sent; what a `#` means to the next program nobody knows.
  if (isConfusing(path) || below.includes('#')) return undefined;
  const address = publicUrl.origin + (below.startsWith('/') ? below : `/${below}`);
  return normalAddress(address) === undefined ? undefined : address;
}
