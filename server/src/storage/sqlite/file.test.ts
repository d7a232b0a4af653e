import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { assertDurable, openSqliteFile, openSqliteReader } from './file.ts';

function place(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'data', 'postern.db');
}

test('every open of the file waits for the disk at COMMIT, not only the first', (t) => {
  const file = place(t);
  for (let open = 0; open < 3; open += 1) {
    const connection = openSqliteFile(file);
    connection.exec('create table if not exists a (b)');
    assert.equal(connection.pragma('synchronous', { simple: true }), 2);
    assert.equal(connection.pragma('journal_mode', { simple: true }), 'wal');
    assert.equal(connection.pragma('foreign_keys', { simple: true }), 1);
    connection.close();
  }
});

test('a connection that would lose acknowledged writes is refused', (t) => {
  const connection = openSqliteFile(place(t));
  t.after(() => connection.close());
  for (const [weaken, mend] of [
    ['synchronous = normal', 'synchronous = full'],
    ['foreign_keys = off', 'foreign_keys = on'],
    ['journal_mode = delete', 'journal_mode = wal'],
  ] as const) {
    connection.pragma(weaken);
    assert.throws(() => assertDurable(connection));
    connection.pragma(mend);
    assertDurable(connection);
  }
});

test(
  'the file and what SQLite puts beside it are for the owner only, also when it was looser before',
  { skip: process.platform === 'win32' },
  (t) => {
    const file = place(t);
    openSqliteFile(file).close();
    chmodSync(file, 0o644);
    const connection = openSqliteFile(file);
    t.after(() => connection.close());
    connection.exec('create table a (b)');
    for (const name of [file, `${file}-wal`, `${file}-shm`]) assert.equal(statSync(name).mode & 0o777, 0o600, name);
    assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
  },
);

test('a file that is no database is refused and left as it was', (t) => {
  const file = place(t);
  openSqliteFile(file).close();
  const text = 'not a database, but long enough to be looked at as one';
  writeFileSync(file, text);
  assert.throws(() => openSqliteFile(file), { code: 'SQLITE_NOTADB' });
  assert.equal(statSync(file).size, text.length);
});

test('the connection that reads cannot write', (t) => {
  const file = place(t);
  const writer = openSqliteFile(file);
  writer.exec('create table a (b)');
  const reader = openSqliteReader(file);
  t.after(() => (reader.close(), writer.close()));
  assert.throws(() => reader.exec('insert into a values (1)'), { code: 'SQLITE_READONLY' });
});
