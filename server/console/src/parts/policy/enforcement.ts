/** Whether the rules of a policy count, or are watched. */
export type Enforcement = 'enforce' | 'report-only';

const line = /^enforcement:[ \t]*(["']?)([\w-]*)\1[ \t]*(#.*)?$/m;

/** What a policy document says of itself; without a word it is enforced. */
export function enforcementOf(document: string): Enforcement {
  return line.exec(document)?.[2] === 'report-only' ? 'report-only' : 'enforce';
}

/** The same document with another word there. What else stands in it, comments too, stays as it is. */
export function withEnforcement(document: string, enforcement: Enforcement): string {
  if (line.test(document))
    return document.replace(
      line,
      (_, _quote, _word, comment = '') => `enforcement: ${enforcement}${comment === '' ? '' : ` ${String(comment)}`}`,
    );
  const after = /^(title|policy):.*$/m.exec(document);
  if (after === null) return `enforcement: ${enforcement}\n${document}`;
  const at = endOfValue(document, after.index + after[0].length);
  return `${document.slice(0, at)}\nenforcement: ${enforcement}${document.slice(at)}`;
}

/** A value may go on in lines that stand further in. */
function endOfValue(document: string, from: number): number {
  let at = from;
  for (const [line] of document.slice(from + 1).matchAll(/^.*$/gm)) {
    if (!/^[ \t]+\S/.test(line)) break;
    at += line.length + 1;
  }
  return at;
}
