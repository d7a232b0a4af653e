import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { testPostgres } from '../support/test-postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type SignalFigures, signalRounds } from './signals.ts';

// The short form; `npm run proof signals` is the long one, with a thousand changes.
const kills = 1;

function judge(figures: SignalFigures, changes: number): void {
  assert.deepEqual(figures.missing, []);
  assert.deepEqual(figures.refused, []);
  assert.deepEqual(figures.toldTwice, []);
  assert.ok(figures.changes >= changes);
  for (const [seer, { p99 }] of Object.entries(figures.latency))
    assert.ok(p99 <= 1000, `${seer} takes ${p99} ms: ${JSON.stringify(figures)}`);
}

test('whatever ends is seen by everybody within a second, and after a kill nothing is missing (SQLite)', async (t) => {
  const dataFolder = temporaryFolder(t, 'signals');
  const databaseUrl = `sqlite:${join(dataFolder, 'postern.db')}`;
  judge(await signalRounds({ databaseUrl, dataFolder, changes: 60, kills, devices: 4 }), 60);
});

test('whatever ends is seen by everybody within a second, and after a kill nothing is missing (PostgreSQL)', async (t) => {
  const postgres = await testPostgres();
  if ('unavailable' in postgres) return t.skip(`PostgreSQL: ${postgres.unavailable}`);
  const given = { databaseUrl: await postgres.createDatabase(), dataFolder: temporaryFolder(t, 'signals') };
  judge(await signalRounds({ ...given, changes: 40, kills, devices: 4 }), 40);
});
