import { test, type TestContext } from 'node:test';
import { onBothStores, type TestDatabase } from '../contract/both-stores.ts';
import type { RowName } from './rows.ts';

/** The test of a row: its name begins with the row's, so that whoever looks for one finds the other. */
export function checks(row: RowName, sentence: string, body: (t: TestContext) => Promise<void>): void {
  test(`${row}: ${sentence}`, body);
}

/** The same on SQLite and on PostgreSQL. */
export function checksOnBothStores(
  row: RowName,
  sentence: string,
  body: (t: TestContext, database: TestDatabase) => Promise<void>,
): void {
  onBothStores(`${row}: ${sentence}`, body);
}
