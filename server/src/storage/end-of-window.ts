import type { Kysely } from 'kysely';
import type { Database } from './database.ts';

/** Where a window begins: after a row, or, going back from the newest, before one (undefined: with the newest). */
type Place = { after: string } | { before: string | undefined };

/**
 * Who looks through a whole table does so in windows, between which others have their turn: SQLite answers on the thread that
 * serves requests.
 *
 * @returns the id of the last row of the next window of `size`; undefined when no more than that are left
 */
export async function endOfWindow(
  read: Kysely<Database>,
  table: 'users' | 'devices',
  place: Place,
  size: number,
): Promise<string | undefined> {
  let query = read
    .selectFrom(table)
    .select('id')
    .limit(1)
    .offset(size - 1);
  if ('after' in place) query = query.where('id', '>', place.after).orderBy('id');
  else {
    query = query.orderBy('id', 'desc');
    if (place.before !== undefined) query = query.where('id', '<', place.before);
  }
  return (await query.executeTakeFirst())?.id;
}
