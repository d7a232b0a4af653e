import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { temporaryFolder } from '../testing/data-folder.ts';
import { stateOf, verdictOf } from '../testing/documents.ts';
import { StateError, stateStoreIn } from './store.ts';

test('what was saved is loaded again, from a file for its owner alone', async (t) => {
  const folder = await temporaryFolder(t);
  const store = stateStoreIn(folder);
  assert.equal(await store.load(), undefined);
  const state = stateOf({ seq: 7 });
  await store.save(state);
  assert.deepEqual(await store.load(), state);
  assert.equal((await stat(store.path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['state.json']);
});

test('a state cut off anywhere is noticed, never taken for another state or for none', async (t) => {
  const store = stateStoreIn(await temporaryFolder(t));
  await store.save(stateOf({ seq: 7 }));
  const whole = await readFile(store.path, 'utf8');
  await fc.assert(
    // The last character is the newline, and the JSON is whole without it.
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 2 }), async (length) => {
      await writeFile(store.path, whole.slice(0, length), { mode: 0o600 });
      await assert.rejects(store.load(), (error) => error instanceof StateError && /forget --yes/.test(error.message));
    }),
    { numRuns: 60 },
  );
});

test('the state of an agent from before there were plans and stages loads with all that it says', async (t) => {
  const folder = await temporaryFolder(t);
  const store = stateStoreIn(folder);
  const verdict = verdictOf(false, Date.UTC(2026, 10, 21));
  await store.save(stateOf({ seq: 41, prev: 'p'.repeat(43), lastAnswer: { seq: 41, at: verdict.at, verdict } }));
  const older = JSON.parse(await readFile(store.path, 'utf8'), (name, value: unknown) =>
    ['plan', 'because', 'warnAt', 'stage', 'reportOnly', 'held'].includes(name) ? undefined : value,
  ) as object;
  assert.equal(JSON.stringify(older).includes('warnAt'), false);
  await writeFile(store.path, JSON.stringify(older));
  const state = await store.load();
  assert.deepEqual([state?.seq, state?.prev, state?.plan], [41, 'p'.repeat(43), null]);
  const rule = state?.lastAnswer?.verdict.rules[0];
  assert.deepEqual([rule?.standing, rule?.stage, rule?.held, rule?.reportOnly], ['blocked', null, null, false]);
  assert.ok(state);
  await store.save(state);
  assert.deepEqual(await store.load(), state);
});

test('what a backend once said in a form that is no longer known is forgotten, and nothing else', async (t) => {
  const store = stateStoreIn(await temporaryFolder(t));
  const verdict = verdictOf(true, Date.UTC(2026, 10, 21));
  const whole = stateOf({ seq: 41, prev: 'p'.repeat(43), lastAnswer: { seq: 41, at: verdict.at, verdict } });
  await store.save(whole);
  for (const [change, lost] of [
    [{ lastAnswer: { ...whole.lastAnswer, verdict: { ...verdict, status: 'splendid' } } }, { lastAnswer: null }],
    [{ plan: { ...whole.plan, checks: ['No Check'] } }, { plan: null }],
  ] as const) {
    await writeFile(store.path, JSON.stringify({ ...whole, ...change }));
    assert.deepEqual(await store.load(), { ...whole, ...lost });
  }
});

test('a state with a member too many, of a later version, or readable by others is refused', async (t) => {
  const store = stateStoreIn(await temporaryFolder(t));
  await store.save(stateOf());
  for (const [document, words] of [
    [{ ...stateOf(), extra: 1 }, /damaged/],
    [{ ...stateOf(), version: 2 }, /newer agent/],
    [{ ...stateOf(), seq: -1 }, /damaged at "seq"/],
    [null, /damaged/],
  ] as const) {
    await writeFile(store.path, JSON.stringify(document));
    await assert.rejects(store.load(), words);
  }
  await store.save(stateOf());
  await chmod(store.path, 0o644);
  await assert.rejects(store.load(), /chmod 600/);
});

test('what could not be loaded again is not saved', async (t) => {
  const store = stateStoreIn(await temporaryFolder(t));
  await store.save(stateOf({ seq: 3 }));
  await assert.rejects(store.save(stateOf({ seq: Number.NaN })));
  assert.equal((await store.load())?.seq, 3);
});

test('a process killed while it writes leaves the old or the new state, whole', async (t) => {
  const folder = await temporaryFolder(t);
  const store = stateStoreIn(folder);
  await store.save(stateOf({ seq: 1 }));
  const script = `
    import { stateStoreIn } from ${JSON.stringify(join(import.meta.dirname, 'store.ts'))};
    const store = stateStoreIn(${JSON.stringify(folder)});
    const state = await store.load();
    process.stdout.write('ready');
    for (let seq = state.seq + 1; ; seq += 1) await store.save({ ...state, seq });
  `;
  let before = 1;
  for (let round = 0; round < 5; round += 1) {
    const writer = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    // It is writing all the time: whenever the signal comes, it comes in the middle.
    await stat(store.path);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const seq = (await store.load())?.seq ?? 0;
    assert.ok(seq >= before, `${seq} is not before ${before}`);
    before = seq;
  }
});
