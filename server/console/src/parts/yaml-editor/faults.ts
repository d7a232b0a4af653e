/** One thing that is wrong with a document. */
export interface DocumentFault {
  /** From one on; undefined: about the document as a whole. */
  line: number | undefined;
  column: number;
  message: string;
}

const placed = /^line (\d+), column (\d+): (.*)$/s;

/** The path of what is wrong with the document as such. */
const whole = 'document';

/** The backend tells places in words: `line 3, column 5: must be …`. */
export function readFaults(details: readonly { path?: string; message: string }[]): DocumentFault[] {
  return details.map(({ path = whole, message }) => {
    const [, line, column, text = message] = placed.exec(message) ?? [];
    return {
      line: line === undefined ? undefined : Number(line),
      column: Number(column ?? 1),
      message: path === whole ? text : `${path} ${text}`,
    };
  });
}

/** What a fault is about in the text: from its place to the end of the word, within a line that there is. */
export function rangeOf(
  { line, column }: DocumentFault,
  lineAt: (line: number) => { from: number; to: number; text: string } | undefined,
): { from: number; to: number } {
  const at = line === undefined ? undefined : lineAt(line);
  if (at === undefined) return { from: 0, to: 0 };
  const from = Math.min(at.from + column - 1, at.to);
  const [word = ''] = /^[^\s:,\]}]*/.exec(at.text.slice(from - at.from)) ?? [];
  return { from, to: Math.min(at.to, from + Math.max(1, word.length)) };
}
