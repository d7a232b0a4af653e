import type { Kysely } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { NoteKey } from '../checkpoints/signed-note.ts';
import { readMatching } from '../read.ts';
import type { StoredEntry } from '../stored-entry.ts';
import { checkpointLine, endLine, entryLine, headerLine, logFormat } from './format.ts';

export interface WholeLog {
  chainId: string;
  key: Pick<NoteKey, 'vkey'>;
  /** Number of the last entry that is written. */
  through: number;
  /** Also what people wrote, where it was not erased. */
  withText: boolean;
}

/** The whole log up to an entry, as JSON Lines that verifyLog proves without this database: line by line. */
export async function* writeLog(read: Kysely<Database>, log: WholeLog): AsyncGenerator<string> {
  const { chainId, key, through, withText } = log;
  const last = await read.selectFrom('audit').select(['seq', 'hash']).where('seq', '=', through).executeTakeFirst();
  const header = {
    format: logFormat,
    chain: chainId,
    key: key.vkey,
    head: { seq: last?.seq ?? 0, hash: last?.hash ?? chainId },
  } as const;
  yield* writeLines(header, readMatching(read, {}, through), readCheckpoints(read, through), withText);
}

/** The lines of a log: each checkpoint stands right after the last entry that it covers. */
export async function* writeLines(
  header: Parameters<typeof headerLine>[0],
  entries: AsyncIterable<StoredEntry>,
  checkpoints: AsyncGenerator<{ size: number; note: string }>,
  withText: boolean,
): AsyncGenerator<string> {
  yield headerLine(header);
  const counts = { entries: 0, checkpoints: 0 };
  let checkpoint = await checkpoints.next();
  for await (const { seq, entry, hash, salt, text } of entries) {
    yield entryLine({ entry, hash, salt: withText ? salt : null, text: withText ? text : null });
    counts.entries += 1;
    while (checkpoint.done !== true && checkpoint.value.size <= seq) {
      yield checkpointLine(checkpoint.value.note);
      counts.checkpoints += 1;
      checkpoint = await checkpoints.next();
    }
  }
  yield endLine(counts);
}

/** The checkpoints up to that one, in order. */
export async function* readCheckpoints(read: Kysely<Database>, through: number, portion = 500) {
  for (let after = 0; ;) {
    const rows = await read
      .selectFrom('audit_checkpoints')
      .select(['size', 'note'])
      .where('size', '>', after)
      .where('size', '<=', through)
      .orderBy('size')
      .limit(portion)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < portion) return;
    after = last.size;
  }
}
