import { Found } from './found.ts';
import type { LogKnowledge } from './knowledge.ts';
import { linesOf } from './lines.ts';
import { LogReader } from './log-reader.ts';
import type { LogVerdict } from './verdict.ts';

/**
 * Proves a log file (writeLog) without a database: reads it once, in constant memory, and says the first thing that is
 * wrong with it. Each line is held to its exact form, each entry to the one before, the tree over all of them to every
 * checkpoint, in the file and from elsewhere.
 *
 * @param said is called now and then with the number of entries that were read
 */
export async function verifyLog(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  known: LogKnowledge = {},
  said: (entries: number) => void = () => undefined,
): Promise<LogVerdict> {
  let line = 0;
  try {
    const log = new LogReader(known);
    for await (const raw of linesOf(chunks)) {
      line += 1;
      log.take(raw);
      if (log.entries % 50_000 === 0 && log.entries > 0) said(log.entries);
    }
    return log.finish();
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    return { outcome: error.fault, seq: error.seq, line: line === 0 ? null : line, why: error.message };
  }
}
