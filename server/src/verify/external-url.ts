import { Fault } from '@postern/shared/protocol/errors';

const addressText = /^(https?:\/\/[^/?#\\@\s]+)(\/[^?#]*)?(?:\?([^#]*))?$/i;

const encoded = /%([0-9a-f]{2})/gi;
/** A backslash, a control character, or a dot segment, also one with parameters (`..;`). */
// oxlint-disable-next-line no-control-regex
const confusing = /[\\\u0000-\u001f\u007f]|\/\.{1,2}(?:[;/]|$)/;
/** Nobody means to encode anything so often. */
const maxRounds = 5;

/**
 * Whether programs may read a path differently: what a gateway takes for one path, the application behind it may take for
 * another, when it decodes once more, drops dot segments or takes a backslash for a slash.
 */
function isConfusing(path: string): boolean {
  const segments = path.split('/').length;
  let text = path;
  for (let round = 0; round < maxRounds; round += 1) {
    if (confusing.test(text) || text.split('/').length !== segments) return true;
    const decoded = text.replaceAll(encoded, (_each, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, 16)),
    );
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}

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
