import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test, { type TestContext } from 'node:test';
import { migrate, openStore } from './open-store.ts';
import { openSqliteFile } from './sqlite/file.ts';

const run = promisify(execFile);

function address(t: TestContext): { file: string; url: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-open-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'postern.db');
  return { file, url: `sqlite:${file}` };
}

test('migrating from several processes at once is migrating once', async (t) => {
  const { url } = address(t);
  const program = `import { migrate } from ${JSON.stringify(new URL('./migrate.ts', import.meta.url).href)};
    process.stdout.write(JSON.stringify(await migrate(${JSON.stringify(url)})));`;
  const once = async () => (await run(process.execPath, ['--input-type=module', '--eval', program])).stdout;
  const answers = await Promise.all([once(), once(), once()]);
  assert.deepEqual(answers.toSorted(), [
    '["0001-initial","0002-policy-life","0003-exceptions-life","0004-tokens-and-signals","0005-console"]',
    '[]',
    '[]',
  ]);
  assert.deepEqual(await migrate(url), []);
});

test('a database without the schema is not opened, and the message says what to run', async (t) => {
  await assert.rejects(
    openStore(address(t).url),
    /lacks 0001-initial, 0002-policy-life, 0003-exceptions-life, 0004-tokens-and-signals, 0005-console: run postern-server migrate/,
  );
});

test('a database of a newer program is neither opened nor migrated', async (t) => {
  const { file, url } = address(t);
  await migrate(url);
  const connection = openSqliteFile(file);
  connection.prepare("insert into schema_migrations values ('9999-later', '2100-01-01')").run();
  connection.close();
  await assert.rejects(openStore(url), /newer than this program: it has 9999-later/);
  await assert.rejects(migrate(url));
});

test('a file that is no database is refused', async (t) => {
  const { file, url } = address(t);
  openSqliteFile(file).close();
  writeFileSync(file, 'x'.repeat(4096));
  await assert.rejects(openStore(url), { code: 'SQLITE_NOTADB' });
});
