import type { Scalar } from 'yaml';

/** What stands for a space in double quotes; others stand for themselves, or are not worth the trouble. */
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Where a character of a scalar's value stands in the text of the document: after its quotes, escapes and folds. Its beginning
 * where that cannot be told.
 */
export function placeInText(text: string, scalar: Scalar, offset: number): number {
  const [start] = scalar.range ?? [0];
  const value = String(scalar.value);
  let at = contentOf(text, scalar, start);
  for (let index = 0; ; index += 1) {
    const wanted = value[index];
    // The end of an expression is behind its last character, not where the next line begins.
    if (wanted === undefined) return at;
    at = skipFold(text, at, wanted, scalar);
    if (index === offset) return at;
    const length = lengthAt(text, at, wanted, scalar);
    if (length === undefined) return start;
    at += length;
  }
}

/** Behind the quote, or behind the line of the `>` or `|`. */
function contentOf(text: string, { type }: Scalar, start: number): number {
  if (type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL') return text.indexOf('\n', start) + 1;
  return type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? start + 1 : start;
}

/** A fold is one space in the value, or none; in the text it is a line end with its indentation. */
function skipFold(text: string, from: number, wanted: string, { type }: Scalar): number {
  let at = from;
  const isEscapedSpace = () =>
    type === 'QUOTE_DOUBLE' && text[at] === '\\' && isSpace(escapes[text[at + 1] ?? ''] ?? text[at + 1]);
  while (!isSpace(wanted) && (isSpace(text[at]) || isEscapedSpace())) at += isEscapedSpace() ? 2 : 1;
  return at;
}

/** How much of the text the character takes; undefined where something else stands there. */
function lengthAt(text: string, at: number, wanted: string, { type }: Scalar): number | undefined {
  const [here, next] = [text[at], text[at + 1] ?? ''];
  if (type === 'QUOTE_DOUBLE' && here === '\\')
    return (escapes[next] ?? next) === wanted ? 2 : isSpace(wanted) ? 0 : undefined;
  if (isSpace(wanted)) return isSpace(here) ? 1 : 0;
  if (here !== wanted) return undefined;
  return type === 'QUOTE_SINGLE' && wanted === "'" ? 2 : 1;
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}
