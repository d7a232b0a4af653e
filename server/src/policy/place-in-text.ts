import type { Scalar } from 'yaml';

const isSpace = (character: string | undefined) =>
  character === ' ' || character === '\n' || character === '\r' || character === '\t';

/**
 * Where a character of a scalar's value stands in the text of the document: after its quotes, escapes and folds. Its beginning
 * where that cannot be told.
 */
export function placeInText(text: string, scalar: Scalar, offset: number): number {
  const [start] = scalar.range ?? [0];
  const value = String(scalar.value);
  const isDouble = scalar.type === 'QUOTE_DOUBLE';
  const isSingle = scalar.type === 'QUOTE_SINGLE';
  const isBlock = scalar.type === 'BLOCK_FOLDED' || scalar.type === 'BLOCK_LITERAL';
  let at = start + (isDouble || isSingle ? 1 : 0);
  // Behind the line of the `>` or `|`.
  if (isBlock) at = text.indexOf('\n', start) + 1;
  for (let index = 0; index <= offset && index <= value.length; index += 1) {
    const wanted = value[index];
    // The end of an expression is behind its last character, not where the next line begins.
    if (wanted === undefined) return at;
    // A fold is one space in the value, and a line end with its indentation in the text.
    if (!isSpace(wanted) || index === 0) while (isSpace(text[at]) && text[at] !== wanted) at += 1;
    if (index === offset) return at;
    if (isSpace(wanted)) {
      if (isSpace(text[at])) at += 1;
      continue;
    }
    if (text[at] === wanted) {
      at += isSingle && wanted === "'" && text[at + 1] === "'" ? 2 : 1;
      if (isDouble && wanted === '\\') at += text[at] === '\\' ? 1 : 0;
    } else if (isDouble && text[at] === '\\' && text[at + 1] === wanted) at += 2;
    else return start;
  }
  return start;
}
