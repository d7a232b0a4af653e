import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/database.ts';
import { type AuditFilter, matches } from './search/filter.ts';
import { entries, type StoredEntry } from './stored-entry.ts';

type Read = Kysely<Database>;

/** Read in one query: so many are held in memory while whoever takes them is slow. */
const readAtOnce = 1000;
/** Counted in one query: where the database answers in this thread, requests wait for it. */
const countedAtOnce = 5000;

/** Entries that match, in order, up to `through`, with what stands beside them. */
export async function* readMatching(read: Read, filter: AuditFilter, through: number): AsyncGenerator<StoredEntry> {
  for (let after = 0; after < through; after += readAtOnce) {
    yield* await entries(read)
      .where(matches(filter))
      .where('audit.seq', '>', after)
      .where('audit.seq', '<=', Math.min(through, after + readAtOnce))
      .orderBy('audit.seq')
      .execute();
  }
}

/** How many entries match, up to `through`. */
export async function countMatching(read: Read, filter: AuditFilter, through: number): Promise<number> {
  let all = 0;
  for (let after = 0; after < through; after += countedAtOnce) {
    const { count } = await read
      .selectFrom('audit')
      .select(({ fn }) => fn.countAll().as('count'))
      .where(matches(filter))
      .where('audit.seq', '>', after)
      .where('audit.seq', '<=', Math.min(through, after + countedAtOnce))
      .executeTakeFirstOrThrow();
    all += Number(count);
    await othersFirst();
  }
  return all;
}

/** The entries after that one, in order. */
export function readEntries(read: Read, after: number, limit: number): Promise<StoredEntry[]> {
  return entries(read).where('audit.seq', '>', after).orderBy('audit.seq').limit(limit).execute();
}

/** The whole chain in order, with what stands beside it, for verifyChain. Reads in portions. */
export async function* readChain(read: Read, portion = 1000): AsyncGenerator<StoredEntry> {
  for (let after = 0; ;) {
    const rows = await readEntries(read, after, portion);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < portion) return;
    after = last.seq;
  }
}
