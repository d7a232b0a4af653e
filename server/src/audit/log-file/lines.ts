/** A line as it stands in a file. */
export interface RawLine {
  /** Undefined where it is not UTF-8, or longer than any that Postern writes. */
  text: string | undefined;
  /** The line as it is; of one that is too long, its beginning. */
  bytes: Uint8Array;
  /** Whether a line end follows. */
  ended: boolean;
}

const longest = 8 * 1024 * 1024;
const lineEnd = 0x0a;

/** Splits bytes into lines without holding more than one of them. What follows the longest line is not read. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<RawLine> {
  let rest: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(lineEnd); at !== -1; at = chunk.indexOf(lineEnd, start)) {
      const part = chunk.subarray(start, at);
      const bytes = length === 0 ? part : Buffer.concat([...rest, part]);
      yield { text: textOf(bytes), bytes, ended: true };
      [rest, length, start] = [[], 0, at + 1];
    }
    if (start < chunk.length) {
      rest.push(chunk.subarray(start));
      length += chunk.length - start;
    }
    if (length > longest) {
      yield { text: undefined, bytes: rest[0] ?? chunk, ended: true };
      return;
    }
  }
  if (length === 0) return;
  const bytes = Buffer.concat(rest);
  yield { text: textOf(bytes, true), bytes, ended: false };
}

/** @param cut the bytes end anywhere: half a character at their end is shown as U+FFFD */
function textOf(bytes: Uint8Array, cut = false): string | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    const text = decoder.decode(bytes, { stream: cut });
    return cut && Buffer.byteLength(text) < bytes.length ? `${text}\ufffd` : text;
  } catch {
    return undefined;
  }
}
