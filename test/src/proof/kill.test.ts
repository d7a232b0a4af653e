import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { testPostgres } from '../support/test-postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type KillFigures, killRounds } from './kill.ts';

// The short form; `npm run proof kill` is the long one, with 50 kills on each store.
const kills = 3;
const seed = 20_261_121;

function judge(figures: KillFigures): void {
  assert.deepEqual(figures.missing, []);
  assert.deepEqual(figures.refused, []);
  assert.equal(figures.chain.outcome, 'intact');
  const { attestations, tokens, exceptions } = figures.acknowledged;
  assert.ok(
    attestations > 20 && tokens > 20 && exceptions > 2,
    `too little load to prove anything: ${JSON.stringify(figures.acknowledged)}`,
  );
}

test('killed at random moments on SQLite, nothing acknowledged is lost and the chain is whole', async (t) => {
  const dataFolder = temporaryFolder(t, 'kill');
  judge(
    await killRounds({ databaseUrl: `sqlite:${join(dataFolder, 'postern.db')}`, dataFolder, kills, devices: 6, seed }),
  );
});

test('killed at random moments on PostgreSQL, nothing acknowledged is lost and the chain is whole', async (t) => {
  const postgres = await testPostgres();
  if ('unavailable' in postgres) return t.skip(`PostgreSQL: ${postgres.unavailable}`);
  judge(
    await killRounds({
      databaseUrl: await postgres.createDatabase(),
      dataFolder: temporaryFolder(t, 'kill'),
      kills,
      devices: 6,
      seed,
    }),
  );
});
