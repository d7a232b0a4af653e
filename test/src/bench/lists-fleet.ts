import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Instant } from '@postern/shared/time';
import { seededRandom } from '../support/seeded-random.ts';
import { rowsOf } from './replay-fleet.ts';

/** Puts a fleet into a migrated SQLite database in one go: through the store it would take a minute. */
export function fillFleet(file: string, plan: { devices: number; seed: number }, now: Instant): void {
  const database = new DatabaseSync(file);
  const random = seededRandom(plan.seed);
  const statements = new Map<string, StatementSync>();
  try {
    database.exec('begin');
    for (let number = 0; number < plan.devices; number += 1) {
      for (const change of rowsOf(number, random, now)) {
        if (change.kind !== 'insert') throw new Error('a fleet is made of new rows');
        const { table, row } = change;
        const columns = Object.keys(row).map((name) => `"${name}"`);
        const statement =
          statements.get(table) ??
          database.prepare(`insert into "${table}" (${columns.join()}) values (${columns.map(() => '?').join()})`);
        statements.set(table, statement);
        statement.run(...Object.values(row));
      }
    }
    database.exec('commit');
  } finally {
    database.close();
  }
}
