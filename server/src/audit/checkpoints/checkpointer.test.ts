import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import { minute, second } from '@postern/shared/time';
import { openTestStore, type TestStore } from '../../storage/testing/test-store.ts';
import type { AuditEvent } from '../event.ts';
import { CompactRange } from '../merkle/compact-range.ts';
import { hashLeaf, joinSubtrees } from '../merkle/hash.ts';
import { consistencyRanges, inclusionRanges } from '../merkle/ranges.ts';
import { verifyConsistency, verifyInclusion } from '../merkle/verify-proof.ts';
import { openCheckpoint } from './checkpoint.ts';
import { Checkpointer } from './checkpointer.ts';
import { CheckpointFolder } from './folder.ts';
import { isKeyInUse, readLogKey } from './log-key.ts';
import { TileReader } from './tile-reader.ts';
import { TiledTree } from './tiled-tree.ts';

const start = Date.UTC(2026, 10, 21, 9);
const config = {
  issuer: 'https://postern.example/base',
  masterSecret: Buffer.alloc(32, 5).toString('base64url'),
  checkpoints: { everyMs: minute, folder: null },
};

const event = (index: number): AuditEvent => ({
  at: start + index,
  type: 'token.issued',
  outcome: 'success',
  actor: { kind: 'device', id: 'dev_1' },
  subject: null,
  data: { index },
});

async function add(store: TestStore, count: number) {
  for (let done = 0; done < count; done += 500)
    await store.commit({
      changes: [],
      audit: Array.from({ length: Math.min(500, count - done) }, (_, index) => event(index)),
    });
}

async function scene(t: TestContext, entries = 0) {
  const store = await openTestStore(t);
  await add(store, entries);
  const errors: string[] = [];
  const log = { error: (...said: unknown[]) => void errors.push(String(said.at(-1))) };
  const node = () => new Checkpointer({ store, config, log });
  const rows = () => store.read.selectFrom('audit_checkpoints').selectAll().orderBy('size').execute();
  const sizes = async () => (await rows()).map(({ size }) => size);
  /** As somebody else does who can write to the file. Seen from the next turn on. */
  const touch = async (sql: string) => {
    const database = new DatabaseSync(store.databaseUrl.slice('sqlite:'.length));
    database.exec(sql);
    database.close();
    await nextTurn();
  };
  return { store, errors, node, rows, sizes, touch };
}

async function rootOf(store: TestStore, size: number): Promise<Buffer> {
  const tree = new CompactRange();
  const rows = await store.read.selectFrom('audit').select('entry').where('seq', '<=', size).orderBy('seq').execute();
  for (const { entry } of rows) tree.append(hashLeaf(entry));
  return tree.root();
}

describe('checkpoints', () => {
  test('are signed when it is time, or when much is new, and only over what is new', async (t) => {
    const { store, node, sizes, errors } = await scene(t, 3);
    const signer = node();
    await signer.signWhenDue(start);
    await signer.signWhenDue(start + minute);
    assert.deepEqual(await sizes(), [3]);
    await add(store, 2);
    await signer.signWhenDue(start + 30 * second);
    assert.deepEqual(await sizes(), [3], 'too soon');
    await signer.signWhenDue(start + minute);
    assert.deepEqual(await sizes(), [3, 5]);
    await add(store, 1000);
    await signer.signWhenDue(start + minute + second);
    assert.deepEqual(await sizes(), [3, 5, 1005]);
    await add(store, 1);
    await signer.signWhenDue(start - minute);
    assert.deepEqual(await sizes(), [3, 5, 1005, 1006], 'the clock was set back');
    assert.deepEqual(errors, []);
  });

  test('hold the root of all entries, signed by a key that belongs to this log', async (t) => {
    const { store, node, rows } = await scene(t, 700);
    await node().signAll(start);
    const key = await readLogKey(store.read, config);
    assert.match(key.name, /^postern\.example\/audit\/./);
    const [row] = await rows();
    const checkpoint = openCheckpoint(row?.note ?? '', key);
    assert.deepEqual(checkpoint, { origin: key.name, size: 700, root: await rootOf(store, 700) });
    const elsewhere = await readLogKey(store.read, { ...config, issuer: 'https://moved.example' });
    assert.equal(elsewhere.vkey, key.vkey, 'a server that moves goes on with its log');
  });

  test('are the same whether a node signed all of them, or began anew for each', async (t) => {
    const { store, node, rows, errors } = await scene(t);
    const old = node();
    for (const [index, count] of [1, 254, 1, 255, 257, 513, 3].entries()) {
      await add(store, count);
      const last = await (index % 2 === 0 ? node() : old).signAll(start + index);
      assert.equal(last?.root, (await rootOf(store, last?.size ?? 0)).toString('base64'));
    }
    assert.equal((await rows()).length, 7);
    assert.deepEqual(errors, []);
    const tiles = await store.read.selectFrom('audit_tiles').select(['level', 'idx']).orderBy('idx').execute();
    assert.deepEqual(
      tiles.map(({ idx }) => idx),
      [0, 1, 2, 3, 4],
    );
  });

  test('of several nodes at once are one for each size', async (t) => {
    const { store, node, rows, errors } = await scene(t);
    const nodes = [node(), node(), node()];
    for (let round = 0; round < 4; round += 1) {
      await add(store, 150);
      await Promise.all(nodes.map((each) => each.signAll(start + round)));
    }
    for (const { size, root } of await rows()) assert.equal(root, (await rootOf(store, size)).toString('base64'));
    assert.equal((await rows()).at(-1)?.size, 600);
    assert.deepEqual(errors, []);
  });

  test('of all that is there do not run after what is added meanwhile', async (t) => {
    const { store, sizes, errors } = await scene(t, 3);
    let commits = 0;
    const busy: TestStore = Object.assign(Object.create(store) as TestStore, {
      commit: async (unit: Parameters<TestStore['commit']>[0]) => {
        const done = await store.commit(unit);
        commits += 1;
        if (commits < 50) await add(store, 2);
        return done;
      },
    });
    const log = { error: (...said: unknown[]) => void errors.push(String(said.at(-1))) };
    const last = await new Checkpointer({ store: busy, config, log }).signAll(start);
    assert.equal(last?.size, 3);
    assert.deepEqual([await sizes(), errors], [[3], []]);
  });

  test('prove every entry and every smaller checkpoint', async (t) => {
    const { store, node, rows } = await scene(t, 300);
    const signer = node();
    await signer.signAll(start);
    await add(store, 350);
    await signer.signAll(start);
    const [first, second] = (await rows()).map(({ size, root }) => ({ size, root: Buffer.from(root, 'base64') }));
    if (first === undefined || second === undefined) assert.fail();
    const reader = new TileReader(store.read);
    for (const index of [0, 1, 255, 256, 511, 512, 600, 649]) {
      const [leaf] = await reader.hashes(0, index, 1);
      const proof = await reader.roots(inclusionRanges(index, second.size));
      assert.ok(
        verifyInclusion({ leaf: leaf ?? assert.fail(), index, size: second.size, proof, root: second.root }),
        `${index}`,
      );
    }
    const proof = await reader.roots(consistencyRanges(first.size, second.size));
    assert.ok(verifyConsistency({ first, second, proof }));
  });
});

describe('nothing more is signed', () => {
  const damaged = async (t: TestContext, sql: string, entries = 300) => {
    const made = await scene(t, entries);
    await made.node().signAll(start);
    await add(made.store, 3);
    await made.touch(sql);
    const fresh = made.node();
    await fresh.signAll(start + minute);
    await fresh.signAll(start + 2 * minute);
    assert.deepEqual(await made.sizes(), [entries], sql);
    assert.equal(made.errors.length, 1, 'and that is said once');
    assert.match(made.errors[0] ?? '', /contradicts what was signed/);
  };

  for (const [what, sql] of Object.entries({
    'an entry that is new was altered': "update audit set entry = replace(entry, 'success', 'failure') where seq = 302",
    'an entry that is new was taken out': 'delete from audit where seq = 302',
    'the last entry that was signed was altered':
      "update audit set entry = replace(entry, 'success', 'failure') where seq = 300",
    'the log is shorter than what was signed': 'delete from audit where seq > 299',
    'a tile was altered': `update audit_tiles set hashes = '${'A'.repeat(10_924 - 1)}='`,
    'a tile is gone': 'delete from audit_tiles; delete from audit where seq < 200',
    'the checkpoint says another root': "update audit_checkpoints set note = replace(note, '300', '299')",
  }))
    test(`when ${what}`, (t) => damaged(t, sql));

  test('when the log was cut off together with its checkpoints and tiles, or went back to a backup, until a start', async (t) => {
    const { store, node, touch, errors, sizes } = await scene(t, 600);
    const signer = node();
    await signer.signAll(start);
    await add(store, 300);
    await signer.signAll(start + minute);
    assert.equal(signer.isStopped, false);
    await touch('delete from audit where seq > 600; delete from audit_checkpoints where size > 600');
    await touch('delete from audit_tiles where idx >= 2');
    await add(store, 400);
    await signer.signAll(start + 2 * minute);
    await signer.signWhenDue(start + 3 * minute);
    assert.deepEqual([await sizes(), errors.length, signer.isStopped], [[600], 1, true]);
    await node().signAll(start + 4 * minute);
    assert.deepEqual(await sizes(), [600, 1000], 'by itself, the database of a backup shows nothing');
  });

  test('under another master secret, and the key that was kept still opens what was signed', async (t) => {
    const { store, node, errors, sizes, rows } = await scene(t, 5);
    const old = await readLogKey(store.read, config);
    await node().signAll(start);
    await add(store, 5);
    const moved = { ...config, masterSecret: Buffer.alloc(32, 6).toString('base64url') };
    const log = { error: (...said: unknown[]) => void errors.push(String(said.at(-1))) };
    await new Checkpointer({ store, config: moved, log }).signAll(start + minute);
    assert.deepEqual([await sizes(), errors.length], [[5], 1]);
    const [row] = await rows();
    assert.equal(openCheckpoint(row?.note ?? '', old)?.size, 5);
    const key = await readLogKey(store.read, moved);
    assert.deepEqual([await isKeyInUse(store.read, old), await isKeyInUse(store.read, key)], [true, false]);
  });

  test('when the checkpoint that this node signed is gone', async (t) => {
    const { node, touch, errors, sizes } = await scene(t, 5);
    const signer = node();
    await signer.signAll(start);
    await touch('delete from audit_checkpoints');
    await signer.signAll(start);
    assert.deepEqual([await sizes(), errors.length], [[], 1]);
  });
});

test('a tree goes on from its open end as if it had never stopped', () => {
  const tree = new TiledTree();
  const range = new CompactRange();
  for (let index = 0; index < 70_000; index += 1) {
    const leaf = hashLeaf(String(index));
    for (const tile of tree.append(leaf)) assert.equal(tile.hashes.length, 256);
    range.append(leaf);
    if (index % 9973 === 0 || index > 69_990 || index === 65_535)
      assert.deepEqual(tree.copy().root(), range.root(), `${index}`);
  }
  assert.deepEqual(tree.root(), joinSubtrees(range.subtrees()));
});

describe('the folder of checkpoints', () => {
  async function folderScene(t: TestContext) {
    const made = await scene(t, 3);
    const folder = mkdtempSync(path.join(tmpdir(), 'postern-checkpoints-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const errors: string[] = [];
    const open = (at = folder) =>
      new CheckpointFolder(at, made.store, {
        error: (said: unknown) => void errors.push((said as { err: Error }).err.message),
      });
    return { ...made, folder, open, folderErrors: errors };
  }

  test('gets each of them once, for nobody else to read, and the latest by name', async (t) => {
    const { store, node, folder, open, rows, folderErrors } = await folderScene(t);
    const signer = node();
    const kept = open();
    await kept.write();
    assert.deepEqual(readdirSync(folder), []);
    await signer.signAll(start);
    await kept.write();
    await add(store, 2);
    await signer.signAll(start + minute);
    await open().write();
    assert.deepEqual(readdirSync(path.join(folder, '2026-11-21')), [
      '000000000000003.checkpoint',
      '000000000000005.checkpoint',
    ]);
    const latest = path.join(folder, 'latest');
    assert.equal(readFileSync(latest, 'utf8'), (await rows()).at(-1)?.note);
    assert.equal(statSync(latest).mode & 0o777, 0o600);
    assert.deepEqual(folderErrors, []);
  });

  test('that cannot be written blocks nothing, is said once, and is made up for', async (t) => {
    const { node, folder, open, folderErrors } = await folderScene(t);
    const blocked = path.join(folder, 'blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    const kept = open(blocked);
    await node().signAll(start);
    await kept.write();
    await kept.write();
    assert.equal(folderErrors.length, 1);
    rmSync(blocked);
    await kept.write();
    assert.ok(readFileSync(path.join(blocked, 'latest'), 'utf8').includes('\n3\n'));
  });

  test('that holds a longer history, or another one, is not written over', async (t) => {
    const { store, node, folder, open, touch, folderErrors, sizes } = await folderScene(t);
    await node().signAll(start);
    await open().write();
    const before = readFileSync(path.join(folder, 'latest'), 'utf8');
    await touch('delete from audit_checkpoints; delete from audit where seq = 3');
    const aware = { ...config, checkpoints: { everyMs: minute, folder } };
    await new Checkpointer({ store, config: aware, log: { error: () => undefined } }).signAll(start + minute);
    assert.deepEqual(await sizes(), [], 'a node that sees the folder does not sign another history');
    await node().signAll(start + minute);
    await open().write();
    assert.equal(readFileSync(path.join(folder, 'latest'), 'utf8'), before);
    assert.match(folderErrors[0] ?? '', /not of this log/);
  });
});
