import { LRUCache } from 'lru-cache';
import { type CompactJws, openCompactJws, readHeader } from '@postern/shared/jws/compact-jws';

/** `openCompactJws`, for a server that reads the same few headers again and again. */
export function openJws(text: string, maxLength: number): CompactJws | undefined {
  return openCompactJws(text, maxLength, headerOf);
}

/** Longer ones are read anew each time: a device's are of 250 characters. */
const longestKept = 1024;
/** At most some 30 MB. */
const kept = new LRUCache<string, CompactJws['header']>({ max: 10_000 });

/**
 * Keeps the header of a JWS whose signature was found to be good. A client says the same in the header of all that it signs,
 * and reading it anew costs a tenth of a verification. Only good ones: nobody is to fill the memory with made-up headers.
 */
export function keepHeader({ text, header }: CompactJws): void {
  const end = text.indexOf('.');
  // A copy: a part of a text keeps all of the text in memory.
  if (end <= longestKept && kept.peek(text.slice(0, end)) === undefined)
    kept.set(Buffer.from(text.slice(0, end), 'latin1').toString('latin1'), header);
}

/** What was kept is the same object each time, so that what follows from it can be kept beside it. Nobody may change it. */
function headerOf(part: string): CompactJws['header'] | undefined {
  const known = part.length > longestKept ? undefined : kept.get(part);
  return known ?? readHeader(part);
}
