import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { insert } from '../change.ts';
import { preparedQuery } from '../prepared-query.ts';
import { openTestStore } from '../testing/test-store.ts';
import { openSqliteFile, openSqliteReader } from './file.ts';
import { createSnapshot } from './snapshot.ts';

const keysFrom = preparedQuery((read, first) =>
  read.selectFrom('meta').select('key').where('key', '>=', first).where('key', '<', sql.lit('l')).orderBy('key'),
);

async function given(t: TestContext) {
  const store = await openTestStore(t);
  const file = store.databaseUrl.slice('sqlite:'.length);
  const other = openSqliteFile(file);
  t.after(() => other.close());
  const writeElsewhere = (key: string) => other.prepare("insert into meta (key, value) values (?, '')").run(key);
  /** As hot paths read: with others of their turn. */
  const keys = async () => (await keysFrom(store.read, 'k')).map(({ key }) => key);
  return { file, store, writeElsewhere, keys };
}

test('what another process committed is seen from the next turn on', async (t) => {
  const { writeElsewhere, keys } = await given(t);
  assert.deepEqual(await keys(), []);
  writeElsewhere('k1');
  await nextTurn();
  assert.deepEqual(await keys(), ['k1']);
});

test('whatever is not on a hot path sees at once what another process committed', async (t) => {
  const { store, writeElsewhere, keys } = await given(t);
  const plainly = () => store.read.selectFrom('meta').select('key').where('key', '=', 'k1').execute();
  assert.deepEqual(await keys(), []);
  writeElsewhere('k1');
  assert.deepEqual(await plainly(), [{ key: 'k1' }]);
});

test('whoever is told that something is committed reads it, also in a turn in which others read before', async (t) => {
  const { store, keys } = await given(t);
  for (let round = 0; round < 50; round += 1) {
    const busy = Promise.all([keys(), keys()]);
    await store.commit({
      changes: [insert('meta', { key: `k${String(round).padStart(3, '0')}`, value: '' })],
      audit: [],
    });
    assert.equal((await keys()).length, round + 1);
    await busy;
  }
});

test('it is let go when the connection is closed in the same turn', async (t) => {
  const { file } = await given(t);
  const connection = openSqliteReader(file);
  const snapshot = createSnapshot(connection);
  snapshot.hold();
  connection.close();
  snapshot.release();
  await nextTurn();
});
