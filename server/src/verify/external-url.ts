import { isConfusing } from '@postern/shared/confusing-path';
import { Fault } from '@postern/shared/protocol/errors';

const addressText = /^(https?:\/\/[^/?#\\@\s]+)(\/[^?#]*)?(?:\?([^#]*))?$/i;

/**
 * Takes the address of a request apart.
 *
 * @returns the address without its query, as proofs name it (RFC 9449 section 4.2), and the query
 * @throws Fault `address_ambiguous`
 */
export function externalUrl(text: string): { url: string; query: string } {
  const [, origin, path = '/', query = ''] = addressText.exec(text) ?? [];
  if (origin === undefined || isConfusing(path)) throw new Fault('address_ambiguous');
  return { url: origin + path, query };
}
