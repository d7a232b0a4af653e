import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import path from 'node:path';
import { readConfig } from '../config-read.ts';
import { openDeps } from '../open-deps.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

/** The command line beside a server that has both kinds of keys. */
async function withKeys(t: TestContext) {
  const data = path.join(newFolder(t), 'data');
  const environment = { POSTERN_SIGNAL_ALG: 'ES256' };
  const run = commandLine(t, environment, data);
  const deps = await openDeps(readConfig({ POSTERN_DATA: data, POSTERN_LOG: 'silent', ...environment }));
  t.after(() => deps.store.close());
  const kids = async () => {
    await Promise.all([deps.signingKeys.follow(), deps.signalKeys.follow()]);
    return [deps.signingKeys.jwks(), await deps.signalKeys.jwks()].map(({ keys }) => keys.map(({ kid }) => kid));
  };
  return { run, kids, before: await kids() };
}

test('rotate-keys names the keys of both uses, and changes neither until it is told to', async (t) => {
  const { run, kids, before } = await withKeys(t);
  const { code, out } = await run('rotate-keys', '--emergency', '--json');
  assert.deepEqual(
    [code, parsed(out)],
    [0, { rotated: false, ends: { keys: before[0], signalKeys: before[1], tokens: 0 } }],
  );
  const { out: sentence } = await run('rotate-keys');
  for (const kid of before.flat()) assert.ok(sentence.includes(String(kid)), String(kid));
  assert.match(sentence, /Nothing was changed. To do it: postern-server rotate-keys --yes/);
  assert.deepEqual(await kids(), before);
});

test('rotate-keys --yes replaces the keys of both uses', async (t) => {
  const { run, kids, before } = await withKeys(t);
  const { code, out } = await run('rotate-keys', '--emergency', '--yes', '--json');
  const { rotated, kid, signalKid } = parsed(out);
  assert.deepEqual([code, rotated], [0, true]);
  assert.deepEqual(await kids(), [[kid], [signalKid]]);
  assert.equal(new Set([...before.flat(), kid, signalKid]).size, 4);
});

for (const [use, other] of [
  ['access-token', 1],
  ['signal', 0],
] as const) {
  test(`rotate-keys --use ${use} leaves the other keys as they are`, async (t) => {
    const { run, kids, before } = await withKeys(t);
    const planned = await run('rotate-keys', '--use', use);
    assert.match(planned.out, new RegExp(`To do it: postern-server rotate-keys --use ${use} --yes`));
    assert.ok(!planned.out.includes(String(before[other]?.[0])));
    assert.equal((await run('rotate-keys', '--use', use, '--yes')).code, 0);
    const after = await kids();
    assert.deepEqual(after[other], before[other]);
    assert.notDeepEqual(after[1 - other], before[1 - other]);
    assert.equal(after[1 - other]?.length, 1);
  });
}

test('rotate-keys knows no other use, and says so where no signal was ever signed', async (t) => {
  const { run } = await withKeys(t);
  assert.equal((await run('rotate-keys', '--use', 'audit')).code, 2);
  const fresh = commandLine(t);
  assert.equal((await fresh('migrate')).code, 0);
  const { code, out } = await fresh('rotate-keys', '--use', 'signal', '--yes');
  assert.equal(code, 0);
  assert.match(out, /Ended nothing: there is no such key yet/);
});
