import { isConfusing } from '../confusing-path.ts';
import { normalAddress } from '../http-address.ts';

const originText = /^https?:\/\/[^/?#]*/i;

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
