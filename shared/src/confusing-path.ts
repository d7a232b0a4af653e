const encoded = /%([0-9a-f]{2})/gi;
/** A backslash, a control character, or a dot segment, also one with parameters (`..;`). */
// oxlint-disable-next-line no-control-regex
const confusing = /[\\\u0000-\u001f\u007f]|\/\.{1,2}(?:[;/]|$)/;
/** Nobody means to encode anything so often. */
const mostDecodings = 5;

/**
 * Whether programs may read a path differently: what a gateway takes for one path, the application behind it may take for
 * another, when it decodes once more (a slash comes out of it), drops dot segments or takes a backslash for a slash.
 */
export function isConfusing(path: string): boolean {
  const slashes = path.split('/').length;
  let text = path;
  for (let decodings = 0; decodings < mostDecodings; decodings += 1) {
    if (confusing.test(text) || text.split('/').length !== slashes) return true;
    const decoded = text.replaceAll(encoded, (_each, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, 16)),
    );
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}
