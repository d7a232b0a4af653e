import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../../scripts/with-node24.mjs', import.meta.url));

/** Starts a script through the launcher. */
function launch(t: TestContext, script: string, ...parameters: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-launch-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'script.mts');
  writeFileSync(file, script);
  const child = spawn(process.execPath, [launcher, file, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  child.stdout.setEncoding('utf8');
  return child;
}

test('the script runs under Node 24 with its arguments, and its exit code is passed on', async (t) => {
  const child = launch(
    t,
    'const [a]: string[] = process.argv.slice(2); console.log(process.versions.node.split(".")[0], a); process.exitCode = 7;',
    'hello world',
  );
  const [text] = (await once(child.stdout, 'data')) as [string];
  assert.equal(text, '24 hello world\n');
  assert.deepEqual(await once(child, 'exit'), [7, null]);
});

test('a signal to the launcher reaches the script', async (t) => {
  const child = launch(
    t,
    'process.on("SIGTERM", () => process.exit(5)); setInterval(() => undefined, 1000); console.log("up");',
  );
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [5, null]);
});

test('a script that a signal ended is told as shells tell it', async (t) => {
  const child = launch(t, 'process.kill(process.pid, "SIGKILL");');
  assert.deepEqual(await once(child, 'exit'), [137, null]);
});

test('when the launcher dies, the script hears of it', async (t) => {
  const child = launch(
    t,
    'process.once("disconnect", () => { console.log("alone"); process.exit(); }); console.log("up");',
  );
  assert.deepEqual(await once(child.stdout, 'data'), ['up\n']);
  child.kill('SIGKILL');
  assert.deepEqual(await once(child.stdout, 'data'), ['alone\n']);
});

test('without a script it says how it is used, and exits 2', async () => {
  const child = spawn(process.execPath, [launcher], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [text] = (await once(child.stderr.setEncoding('utf8'), 'data')) as [string];
  assert.match(text, /^usage: /);
  assert.deepEqual(await once(child, 'exit'), [2, null]);
});
