import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { readDatabaseUrl } from './database-url.ts';

test('a file and a server are told apart', () => {
  assert.deepEqual(readDatabaseUrl('sqlite:/var/lib/postern.db'), { kind: 'sqlite', file: '/var/lib/postern.db' });
  assert.deepEqual(readDatabaseUrl('sqlite:///var/lib/postern.db'), { kind: 'sqlite', file: '/var/lib/postern.db' });
  assert.deepEqual(readDatabaseUrl('sqlite:data/postern.db'), {
    kind: 'sqlite',
    file: path.resolve('data/postern.db'),
  });
  assert.deepEqual(readDatabaseUrl('postgresql://u:p@h/d'), { kind: 'postgres', url: 'postgresql://u:p@h/d' });
});

test('anything else is refused, without repeating what may hold a password', () => {
  for (const address of [
    '',
    'sqlite:',
    'sqlite::memory:',
    'mysql://root:secret@h/d',
    'postgres:secret',
    '/some/secret/path',
  ]) {
    assert.throws(
      () => readDatabaseUrl(address),
      (error: unknown) => error instanceof Error && !error.message.includes('secret'),
    );
  }
});
