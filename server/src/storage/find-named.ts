import { setImmediate as turn } from 'node:timers/promises';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';
import { endOfWindow } from './end-of-window.ts';
import { isLike } from './text-like.ts';

type Read = Kysely<Database>;
type Table = 'users' | 'devices';

/** Names that one query looks through: some milliseconds, for which SQLite holds up whoever asks for a token meanwhile. */
const windowSize = 10_000;

/** What is called so. */
export interface Called {
  /** The first, newest first. */
  ids: readonly string[];
  /** Whether there are more: then one does better to look at each that is come by, of which enough are found soon. */
  isMany: boolean;
}

/**
 * Looks through all names for a text, whatever its case. Of people the address is a
 * name, too. What is read is in an index of its own (migrations/0005-console/names.ts).
 */
export async function findNamed(read: Read, table: Table, text: string, most: number): Promise<Called> {
  const ids: string[] = [];
  for (let before: string | undefined; ;) {
    const last = await endOfWindow(read, table, { before }, windowSize);
    let query = read.selectFrom(table).select('id').where(isNamed(table, text));
    if (before !== undefined) query = query.where('id', '<', before);
    if (last !== undefined) query = query.where('id', '>=', last);
    const rows = await query
      .orderBy('id', 'desc')
      .limit(most + 1 - ids.length)
      .execute();
    ids.push(...rows.map(({ id }) => id));
    if (ids.length > most) return { ids: ids.slice(0, most), isMany: true };
    if (last === undefined) return { ids, isMany: false };
    before = last;
    await turn();
  }
}

/** Whether a row has that text in its name. */
export function isNamed(table: Table, text: string): RawBuilder<boolean> {
  return table === 'devices'
    ? isLike('devices.name', text)
    : sql<boolean>`(${isLike('users.name', text)} or ${isLike('users.email', text)})`;
}
