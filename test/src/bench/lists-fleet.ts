import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Change } from '@postern/server/storage/change';
import type { Instant } from '@postern/shared/time';
import { seededRandom } from '../support/seeded-random.ts';
import { decidersOf, requestOf, reviewOf } from './lists-requests.ts';
import { rowsOf } from './replay-fleet.ts';

/** How much of each there is. */
export interface FleetPlan {
  devices: number;
  /** For exceptions, of a year. */
  requests: number;
  reviews: number;
  seed: number;
}

/** Puts a fleet into a migrated SQLite database in one go: through the store it would take a minute. */
export function fillFleet(file: string, plan: FleetPlan, now: Instant): void {
  const database = new DatabaseSync(file);
  const statements = new Map<string, { statement: StatementSync; columns: readonly string[] }>();
  try {
    database.exec('begin');
    for (const change of changesOf(plan, now)) {
      if (change.kind !== 'insert') throw new Error('a fleet is made of new rows');
      const { table, row } = change;
      const into = statements.get(table) ?? intoTable(database, table, Object.keys(row));
      statements.set(table, into);
      into.statement.run(...into.columns.map((column) => row[column] ?? null));
    }
    database.exec('commit');
  } finally {
    database.close();
  }
}

function intoTable(database: DatabaseSync, table: string, columns: readonly string[]) {
  const names = columns.map((name) => `"${name}"`).join();
  return {
    statement: database.prepare(`insert into "${table}" (${names}) values (${columns.map(() => '?').join()})`),
    columns,
  };
}

function* changesOf(plan: FleetPlan, now: Instant): Generator<Change> {
  const random = seededRandom(plan.seed);
  for (let number = 0; number < plan.devices; number += 1) yield* rowsOf(number, random, now);
  yield* decidersOf(now);
  for (let number = 0; number < plan.requests; number += 1) yield* requestOf(number, plan, random, now);
  for (let number = 0; number < plan.reviews; number += 1) yield reviewOf(number, plan, random, now);
}
