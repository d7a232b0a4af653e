import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import fc from 'fast-check';
import { type ChainRow, verifyChain } from '../../audit/chain.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { deleteAny, insert, updateOne } from '../change.ts';
import { migrate } from '../migrate.ts';
import type { Unit } from '../store.ts';
import { BasisGuard } from './basis-guard.ts';
import { openSqliteFile } from './file.ts';
import { batchWriter, type UnitResult } from './write-batch.ts';

async function connect(t: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-batch-'));
  const file = path.join(folder, 'postern.db');
  await migrate(`sqlite:${file}`);
  const connection = openSqliteFile(file);
  t.after(() => {
    connection.close();
    rmSync(folder, { recursive: true });
  });
  return {
    connection,
    writeBatch: batchWriter(connection, { secret: () => 'salt' }, new BasisGuard(connection)),
    file,
  };
}

const unit = (key: string): Unit => ({ changes: [insert('replays', { key, expires_at: 1 })], audit: [] });
const keys = (connection: ReturnType<typeof openSqliteFile>) =>
  connection.prepare('select key from replays order by key').pluck().all();

test('a unit for which the disk is full costs the others nothing', async (t) => {
  const { connection, writeBatch } = await connect(t);
  connection.pragma(`max_page_count = ${Number(connection.pragma('page_count', { simple: true })) + 4}`);
  const large: Unit = {
    changes: [
      insert('users', {
        id: 'u',
        name: 'x'.repeat(100_000),
        email: 'e',
        roles: '[]',
        active: 1,
        created_at: 1,
        groups: '[]',
        manager_id: null,
        notify: '{}',
      }),
    ],
    audit: [],
  };
  const results = writeBatch([unit('a'), large, unit('b')]);
  assert.deepEqual(
    results.map(({ done }) => done),
    [true, false, true],
  );
  assert.deepEqual(results[1], { done: false, error: 'database or disk is full', code: 'SQLITE_FULL' });
  assert.deepEqual(keys(connection), ['a', 'b']);
});

test('when the transaction cannot begin, every unit hears of it and nothing is written', async (t) => {
  const { connection, writeBatch, file } = await connect(t);
  connection.pragma('busy_timeout = 0');
  const other = openSqliteFile(file);
  t.after(() => other.close());
  other.exec('begin immediate');
  const results = writeBatch([unit('a'), unit('b')]);
  assert.deepEqual(
    results.map((result) => 'code' in result && result.code),
    ['SQLITE_BUSY', 'SQLITE_BUSY'],
  );
  other.exec('rollback');
  assert.deepEqual(writeBatch([unit('c')]), [{ done: true }]);
  assert.deepEqual(keys(connection), ['c']);
});

test('when COMMIT fails, every unit of the batch failed', async (t) => {
  const { connection, writeBatch } = await connect(t);
  // A foreign key that is checked late fails at COMMIT, as a disk would.
  connection.exec('create table late (id text references users (id) deferrable initially deferred)');
  connection.exec(
    "create trigger late after insert on replays when new.key = 'bad' begin insert into late values ('nobody'); end",
  );
  const results = writeBatch([unit('a'), unit('bad')]);
  assert.deepEqual(
    results.map(({ done }) => done),
    [false, false],
  );
  assert.deepEqual(keys(connection), []);
  assert.deepEqual(writeBatch([unit('b')]), [{ done: true }]);
});

test('a batch ends as its units do one after the other, and leaves an unbroken chain, whichever of them fail', async (t) => {
  const { connection, writeBatch } = await connect(t);
  const clear = connection.prepare('delete from replays');
  const key = fc.constantFrom('a', 'b', 'c');
  const change = fc.oneof(
    key.map((each) => insert('replays', { key: each, expires_at: 1 })),
    key.map((each) => updateOne('replays', { key: each, expires_at: 1 }, { expires_at: 2 })),
    key.map((each) => deleteAny('replays', { key: { gt: 'a', lte: each } })),
  );
  const event: AuditEvent = {
    at: 1,
    type: 'token.issued',
    outcome: 'success',
    actor: { kind: 'device', id: 'd' },
    subject: null,
    data: {},
  };
  const units = fc.array(fc.record({ changes: fc.array(change, { maxLength: 3 }), audit: fc.constant([event]) }), {
    maxLength: 6,
  });
  const outcome = (write: () => UnitResult[]) => {
    clear.run();
    const results = write();
    return { results, rows: connection.prepare('select * from replays order by key').all() };
  };
  let written = 0;
  fc.assert(
    fc.property(units, (batch) => {
      const together = outcome(() => writeBatch(batch));
      assert.deepEqual(
        together,
        outcome(() => batch.flatMap((each) => writeBatch([each]))),
      );
      written += 2 * together.results.filter(({ done }) => done).length;
    }),
    { numRuns: 60 },
  );
  const chain = connection.prepare<[], ChainRow>('select seq, entry, hash from audit order by seq').all();
  const verdict = await verifyChain(chain);
  assert.equal(verdict.outcome, 'intact');
  assert.equal(chain.length, written);
  assert.ok(written > 0);
});

test('keys between two bounds are deleted, the lower one excluded', async (t) => {
  const { connection, writeBatch } = await connect(t);
  writeBatch(['a', 'b', 'c', 'd'].map(unit));
  writeBatch([{ changes: [deleteAny('replays', { key: { gt: 'a', lte: 'c' }, expires_at: { lte: 1 } })], audit: [] }]);
  assert.deepEqual(keys(connection), ['a', 'd']);
});
