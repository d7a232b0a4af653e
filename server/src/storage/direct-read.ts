import type { Kysely } from 'kysely';
import type { Database } from './database.ts';

/** Runs a query that is compiled already, on this thread. */
export type DirectRead = (sql: string, parameters: readonly unknown[]) => unknown[];

const known = new WeakMap<Kysely<Database>, DirectRead>();

/** For databases that answer at once: Kysely's way to a connection costs as much as SQLite's to the rows of a device. */
export function readDirectly(read: Kysely<Database>, direct: DirectRead): void {
  known.set(read, direct);
}

export function directOf(read: Kysely<Database>): DirectRead | undefined {
  return known.get(read);
}
