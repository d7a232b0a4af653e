import assert from 'node:assert/strict';
import { readChain, verifyChain } from '@postern/server/audit/index';
import { type Change, deleteAny, deleteOne, updateAny, updateOne } from '@postern/server/storage/change';
import { ConflictError, type Store, type Unit } from '@postern/server/storage/store';
import { tableNames, tableOf } from '@postern/server/storage/tables';
import fc from 'fast-check';
import pg from 'pg';
import { databaseAt, event, newDatabase, onBothStores, onStore } from './both-stores.ts';
import { device, firstEvidence, replay, unchangedAttestation, user } from './records.ts';

const bare = (...changes: Change[]): Unit => ({ changes, audit: [] });
const audited = (...changes: Change[]): Unit => ({ changes, audit: [event({ changes: changes.length })] });
const replays = (store: Store) => store.read.selectFrom('replays').selectAll().orderBy('key').execute();
const entryCount = async (store: Store) => (await store.read.selectFrom('audit').select('seq').execute()).length;

async function assertChain(store: Store, entries: number): Promise<void> {
  const { value } = await store.read
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'chain_id')
    .executeTakeFirstOrThrow();
  const verdict = await verifyChain(readChain(store.read, 100), { chainId: value });
  assert.equal(verdict.outcome, 'intact', JSON.stringify(verdict));
  assert.equal(verdict.outcome === 'intact' && verdict.count, entries);
}

onBothStores('the migrated database has the tables and columns that the program describes', async (_t, { open }) => {
  const store = await open();
  const found = (await store.read.introspection.getTables()).filter(
    (table) => !table.name.startsWith('schema_migrations'),
  );
  const described = tableNames.map((name) => ({
    name,
    columns: Object.entries(tableOf(name).columns).map(([column, kind]) => `${column} ${kind.endsWith('?')}`),
  }));
  const columns = found.map(({ name, columns }) => ({
    name,
    columns: columns.map((each) => `${each.name} ${each.isNullable}`),
  }));
  const byName = (left: { name: string }, right: { name: string }) => left.name.localeCompare(right.name);
  assert.deepEqual(columns.toSorted(byName), described.toSorted(byName));
});

onBothStores('what was committed is read at once, and the entry of the audit stands with it', async (_t, { open }) => {
  const store = await open();
  await store.commit(audited(user('usr_1')));
  assert.deepEqual(await store.read.selectFrom('users').select(['id', 'active']).execute(), [
    { id: 'usr_1', active: 1 },
  ]);
  await assertChain(store, 1);
});

onBothStores('a taken key refuses the whole unit and names the change', async (_t, { open }) => {
  const store = await open();
  await store.commit(bare(replay('taken')));
  await assert.rejects(store.commit(audited(replay('new'), replay('taken'))), new ConflictError(1));
  assert.deepEqual(
    (await replays(store)).map(({ key }) => key),
    ['taken'],
  );
  assert.equal(await entryCount(store), 0);
});

onBothStores('a unique value that is taken and a parent that is not there are conflicts too', async (_t, { open }) => {
  const store = await open();
  await store.commit(bare(user('usr_1')));
  await assert.rejects(
    store.commit(bare(replay('a'), user('usr_2', { email: 'usr_1@example.com' }))),
    new ConflictError(1),
  );
  await assert.rejects(store.commit(bare(replay('a'), device('dev_1', 'usr_9'))), new ConflictError(1));
  assert.deepEqual(await replays(store), []);
});

onBothStores('a guard that does not match exactly one row refuses the unit', async (_t, { open }) => {
  const store = await open();
  await store.commit(bare(user('usr_1'), user('usr_2'), device('dev_1', 'usr_1'), firstEvidence('dev_1')));
  await store.commit(audited(...unchangedAttestation('dev_1', 1)));
  await assert.rejects(store.commit(audited(...unchangedAttestation('dev_1', 1))), new ConflictError(0));
  await assert.rejects(
    store.commit(bare(updateOne('evidence', { device_id: 'dev_1', seq: 0 }, { seq: 5 }))),
    new ConflictError(0),
  );
  await assert.rejects(
    store.commit(bare(replay('x'), updateOne('users', { active: 1 }, { active: 0 }))),
    new ConflictError(1),
  );
  await assert.rejects(store.commit(bare(deleteOne('users', { id: 'usr_9' }))), new ConflictError(0));
  const evidence = await store.read.selectFrom('evidence').select('seq').executeTakeFirstOrThrow();
  assert.equal(evidence.seq, 1);
  assert.deepEqual(await replays(store), []);
  await assertChain(store, 1);
});

onBothStores('conditions may be null, at most, or more than', async (_t, { open }) => {
  const store = await open();
  await store.commit(bare(replay('a', 10), replay('b', 20), replay('c', 30), user('usr_1'), device('dev_1', 'usr_1')));
  await store.commit(
    bare(
      deleteAny('replays', { expires_at: { lte: 10 } }),
      updateAny('replays', { expires_at: { gt: 20 } }, { expires_at: 31 }),
    ),
  );
  assert.deepEqual(await replays(store), [
    { key: 'b', expires_at: 20 },
    { key: 'c', expires_at: 31 },
  ]);
  const quarantine = { quarantine_cause: 'two machines', quarantined_at: 5 };
  await store.commit(bare(updateOne('devices', { id: 'dev_1', quarantined_at: null }, quarantine)));
  await assert.rejects(
    store.commit(bare(updateOne('devices', { id: 'dev_1', quarantined_at: null }, quarantine))),
    new ConflictError(0),
  );
  await store.commit(bare(updateOne('replays', { key: 'b', expires_at: { lte: 20 } }, { expires_at: 21 })));
  await assert.rejects(
    store.commit(bare(updateOne('replays', { key: 'b', expires_at: { gt: 21 } }, { expires_at: 0 }))),
    new ConflictError(0),
  );
});

onBothStores(
  'a unit may use what it wrote itself, and changes are carried out in their order',
  async (_t, { open }) => {
    const store = await open();
    await store.commit(
      audited(
        replay('a', 1),
        updateOne('replays', { key: 'a', expires_at: 1 }, { expires_at: 2 }),
        deleteOne('replays', { key: 'a', expires_at: 2 }),
        replay('a', 3),
      ),
    );
    assert.deepEqual(await replays(store), [{ key: 'a', expires_at: 3 }]);
  },
);

onBothStores(
  'of fifty units that arrive together, the one that fails takes none of the others with it',
  async (_t, { open }) => {
    const store = await open();
    await store.commit(bare(replay('taken')));
    const units = Array.from({ length: 50 }, (_, index) =>
      audited(replay(`k${index}`), replay(index === 20 ? 'taken' : `l${index}`)),
    );
    const results = await Promise.allSettled(units.map((unit) => store.commit(unit)));
    const failed = results.flatMap((result, index) =>
      result.status === 'rejected' ? [{ index, reason: result.reason as unknown }] : [],
    );
    assert.deepEqual(failed, [{ index: 20, reason: new ConflictError(1) }]);
    assert.equal((await replays(store)).length, 1 + 49 * 2);
    await assertChain(store, 49);
  },
);

onBothStores('an error that is not a conflict stays with its unit', async (_t, { open }) => {
  const store = await open();
  const units = [audited(replay('a')), audited(user('usr_1', { active: 7 })), audited(replay('b'))];
  const results = await Promise.allSettled(units.map((unit) => store.commit(unit)));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal(results[1]?.status === 'rejected' && (results[1].reason as Error).name, 'WriteError');
  await assertChain(store, 2);
});

onBothStores('the same key in fifty units at once is taken once', async (_t, { open }) => {
  const store = await open();
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => store.commit(audited(replay('proof')))));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.ok(results.every((result) => result.status === 'fulfilled' || result.reason instanceof ConflictError));
  await assertChain(store, 1);
});

onBothStores('fifty commits at once are few writes', async (_t, { open }) => {
  const store = await open();
  await store.commit(audited(replay('first')));
  const before = store.roundTrips().writes;
  await Promise.all(Array.from({ length: 50 }, (_, index) => store.commit(audited(replay(`k${index}`)))));
  assert.ok(store.roundTrips().writes - before <= 3, `${store.roundTrips().writes - before} writes`);
});

onBothStores('an attestation or a token is one round trip to write, a query one to read', async (_t, { open }) => {
  const store = await open();
  await store.commit(bare(user('usr_1'), device('dev_1', 'usr_1'), firstEvidence('dev_1')));
  const before = store.roundTrips();
  await store.commit(audited(...unchangedAttestation('dev_1', 1), replay('nonce')));
  assert.deepEqual(store.roundTrips(), { reads: before.reads, writes: before.writes + 1 });
  await replays(store);
  assert.deepEqual(store.roundTrips(), { reads: before.reads + 1, writes: before.writes + 1 });
});

onBothStores('two stores on one database keep one chain and the same guards', async (_t, { open }) => {
  const stores = [await open(), await open()];
  const [first] = stores as [Store, Store];
  await first.commit(bare(user('usr_1'), device('dev_1', 'usr_1')));
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) =>
      stores.map(async (store) => {
        await store.commit(audited(replay(`${index}`)));
      }),
    ).flat(),
  );
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 100, 'each key taken by one of the two');
  assert.ok(results.every((result) => result.status === 'fulfilled' || result.reason instanceof ConflictError));
  let won = 0;
  for (let epoch = 0; epoch < 20; epoch += 1) {
    const change = updateOne('devices', { id: 'dev_1', exception_epoch: epoch }, { exception_epoch: epoch + 1 });
    const race = await Promise.allSettled(
      stores.map((store) => store.commit(audited(change, deleteAny('sessions', { hash: 'none' })))),
    );
    won += race.filter(({ status }) => status === 'fulfilled').length;
  }
  assert.equal(won, 20, 'each epoch won by one of the two');
  await assertChain(first, 120);
});

const texts = [
  '{"b":1,  "a":[1.0,2]}',
  'Zoë 😀 \u2028 \u202e',
  '\\"{},NULL',
  "';--",
  'null',
  '',
  ' ',
  '\t\r\n',
  '\u0001',
  '{"x"}',
];

onBothStores('text comes back byte for byte', async (_t, { open }) => {
  const store = await open();
  await store.commit({
    changes: texts.map((name, index) => user(`usr_${index}`, { name })),
    audit: texts.map((text) => event({ text }, text)),
  });
  await Promise.all(texts.map((name, index) => store.commit(bare(user(`usr_b${index}`, { name })))));
  const names = await store.read.selectFrom('users').select(['id', 'name']).execute();
  const byId = new Map(names.map(({ id, name }) => [id, name]));
  for (const [index, text] of texts.entries()) {
    assert.equal(byId.get(`usr_${index}`), text);
    assert.equal(byId.get(`usr_b${index}`), text);
  }
  await assertChain(store, texts.length);
});

onBothStores('what one of the databases could not keep is refused before it reaches either', async (_t, { open }) => {
  const store = await open();
  const before = store.roundTrips().writes;
  for (const name of ['nul \0 inside', 'half \ud800 a pair']) {
    await assert.rejects(store.commit(bare(user('usr_1', { name }))), TypeError);
    await assert.rejects(store.commit({ changes: [], audit: [event({}, name)] }), TypeError);
  }
  for (const active of [Number.NaN, 0.5, 2 ** 60])
    await assert.rejects(store.commit(bare(user('usr_1', { active }))), TypeError);
  await assert.rejects(store.commit(bare(deleteAny('users', {}))), TypeError);
  assert.equal(store.roundTrips().writes, before);
});

onBothStores(
  'check passes on a database that reads and writes, and fails when the store is closed',
  async (_t, { open }) => {
    const store = await open();
    await store.check();
    await store.close();
    await assert.rejects(store.check());
    await assert.rejects(store.commit(bare(replay('late'))));
    await store.close();
  },
);

onBothStores('close waits for what was handed over', async (_t, { open }) => {
  const store = await open();
  const commits = Array.from({ length: 20 }, (_, index) => store.commit(audited(replay(`k${index}`))));
  await store.close();
  await Promise.all(commits);
  await assertChain(await open(), 20);
});

onBothStores('what reads cannot write', async (_t, { open }) => {
  const store = await open();
  await assert.rejects(store.read.insertInto('replays').values({ key: 'a', expires_at: 1 }).execute());
  await assert.rejects(store.read.deleteFrom('meta').execute());
});

onStore('postgres', 'a database that acknowledges before it writes is refused', async (t, { open, url }) => {
  await (await open()).close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.after(() => client.end());
  await client.query(`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`);
  await assert.rejects(open(), /synchronous_commit/);
});

onStore(
  'postgres',
  'connections that are cut cost what was under way, and the store goes on with new ones',
  async (t, { open, url }) => {
    const store = await open();
    await store.commit(audited(replay('before')));
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    t.after(() => client.end());
    const underWay = Array.from({ length: 20 }, (_, index) => store.commit(audited(replay(`k${index}`))));
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    const results = await Promise.allSettled(underWay);
    // A cut is noticed by the first who uses the connection, and the pool may hold as many of them as it may have.
    for (let probe = 1; probe <= 20; probe += 1)
      await store.commit(audited(replay(`p${probe}`))).catch(() => undefined);
    await store.commit(audited(replay('after')));
    const rows = await replays(store).catch(() => replays(store));
    const found = new Set(rows.map(({ key }) => key));
    assert.ok(found.has('before') && found.has('after'));
    for (const [index, { status }] of results.entries()) {
      assert.ok(status === 'rejected' || found.has(`k${index}`), 'what was acknowledged is there');
    }
    await assertChain(store, found.size);
  },
);

onStore(
  'postgres',
  'both stores give every sequence of units the same answers and the same rows',
  async (t, database) => {
    const sqliteUrl = await newDatabase(t, 'sqlite');
    const stores = [await databaseAt(t, 'sqlite', sqliteUrl ?? '').open(), await database.open()];
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const time = fc.integer({ min: 0, max: 3 });
    const condition = fc.oneof(
      time,
      time.map((lte) => ({ lte })),
      time.map((gt) => ({ gt })),
    );
    const change: fc.Arbitrary<Change> = fc.oneof(
      fc.tuple(key, time).map(([name, at]) => replay(name, at)),
      fc
        .tuple(key, condition, time)
        .map(([name, expires_at, at]) => updateOne('replays', { key: name, expires_at }, { expires_at: at })),
      fc.tuple(condition, time).map(([expires_at, at]) => updateOne('replays', { expires_at }, { expires_at: at })),
      fc.tuple(condition, time).map(([expires_at, at]) => updateAny('replays', { expires_at }, { expires_at: at })),
      key.map((name) => deleteOne('replays', { key: name })),
      condition.map((expires_at) => deleteAny('replays', { expires_at })),
    );
    const units = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(units, async (sequence) => {
        const answers = await Promise.all(
          stores.map(async (store) => {
            await store.commit(bare(deleteAny('replays', { expires_at: { gt: -1 } })));
            const results: unknown[] = [];
            for (const changes of sequence) {
              results.push(await store.commit(audited(...changes)).catch((error: unknown) => error));
            }
            return { results, rows: await replays(store) };
          }),
        );
        assert.deepEqual(answers[0], answers[1]);
      }),
      { numRuns: 60 },
    );
  },
);
