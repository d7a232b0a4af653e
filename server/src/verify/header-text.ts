/** A value for programs, in a header: what is no visible ASCII, and `%`, is percent-encoded as UTF-8. */
export function headerValue(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x21-\x24\x26-\x7e]+/g, encodeURIComponent);
}

/** Several of them, separated by commas: a comma within one is encoded too. */
export function headerList(texts: readonly string[]): string {
  return texts.map((text) => headerValue(text).replaceAll(',', '%2C')).join(',');
}

const longestLine = 400;

/** Text for people, in a header: one line of ASCII, accents dropped. */
export function headerLine(text: string): string {
  const ascii = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^\x20-\x7e]/gu, '?');
  return ascii.length <= longestLine ? ascii.trim() : `${ascii.slice(0, longestLine - 3)}...`;
}
