import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeDemo } from '../../../scripts/demo/make.ts';
import { DemoExists, findDemo } from '../../../scripts/demo/marker.ts';
import { readOptions } from '../../../scripts/demo/options.ts';
import { demoEnvironment } from '../../../scripts/demo/stage.ts';
import { readConfig } from '@postern/server/config-read';
import { openStore } from '@postern/server/storage/index';
import { runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a demo is made through the product’s own doors: its audit verifies, and its days are counted', async (t) => {
  const folder = join(temporaryFolder(t, 'demo'), 'demo');
  const options = readOptions(['--folder', folder, '--devices', '10', '--days', '5', '--no-serve']);
  const steps: number[] = [];
  const receivers = await makeDemo(options, (done) => steps.push(done));
  receivers.close();
  assert.deepEqual(
    steps,
    steps.toSorted((a, b) => a - b),
  );
  const verified = await runCommand('postern-server', ['audit', 'verify'], demoEnvironment(options));
  assert.equal(verified.code, 0, verified.stderr);
  assert.match(verified.stdout, /The audit log is whole/);

  const store = await openStore(readConfig(demoEnvironment(options)).databaseUrl);
  t.after(() => store.close());
  const count = async (table: 'devices' | 'exceptions' | 'notices' | 'policies' | 'saved_views' | 'access_tokens') => {
    const row = await store.read
      .selectFrom(table)
      .select(store.read.fn.countAll<number>().as('all'))
      .executeTakeFirst();
    return Number(row?.all);
  };
  assert.ok((await count('devices')) >= 10);
  for (const table of ['exceptions', 'notices', 'policies', 'saved_views', 'access_tokens'] as const)
    assert.ok((await count(table)) > 0, table);
  const days = await store.read.selectFrom('fleet_days').select('day').distinct().execute();
  assert.equal(days.length, 5);

  assert.equal(findDemo(options)?.receiverPorts.length, 2);
  await assert.rejects(
    makeDemo(options, () => undefined),
    DemoExists,
  );
});

test('nothing is thrown away that is no demo, and arguments that are none are named', async (t) => {
  const folder = temporaryFolder(t, 'precious');
  writeFileSync(join(folder, 'postern.db'), 'precious');
  mkdirSync(join(folder, 'more'));
  await assert.rejects(
    makeDemo(readOptions(['--folder', folder, '--fresh']), () => undefined),
    DemoExists,
  );
  assert.ok(existsSync(join(folder, 'more')) && existsSync(join(folder, 'postern.db')));
  assert.throws(
    () => readOptions(['--devices', 'many']),
    /--devices must be a whole number from 5 to 2000, and is many/,
  );
  assert.throws(() => readOptions(['--device', '5']), TypeError);
});
