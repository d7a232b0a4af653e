import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeTime } from '../testing/fake-clock.ts';
import { temporaryFolder } from '../testing/data-folder.ts';
import { systemTimer } from '../timer.ts';
import { holderOf, LockedError, takeLock } from './lock.ts';

test('a lock that somebody holds is refused after the wait, and names the process', async (t) => {
  const folder = await temporaryFolder(t);
  const time = fakeTime();
  const lock = await takeLock(folder, 'state', time);
  assert.equal(await holderOf(folder, 'state'), process.pid);
  await assert.rejects(
    takeLock(folder, 'state', time, 1000),
    (error) => error instanceof LockedError && error.pid === process.pid,
  );
  assert.equal(time.sleeps.length, 10);
  await lock.release();
  assert.equal(await holderOf(folder, 'state'), undefined);
  await (await takeLock(folder, 'state', time)).release();
  assert.deepEqual(await readdir(folder), []);
});

test('the two locks do not stand in each other’s way', async (t) => {
  const folder = await temporaryFolder(t);
  const run = await takeLock(folder, 'run', fakeTime());
  await (await takeLock(folder, 'state', fakeTime())).release();
  await run.release();
});

test('the lock of a process that is gone, or whose number another process has now, is taken over', async (t) => {
  const folder = await temporaryFolder(t);
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  const path = join(folder, 'run.lock');
  for (const stale of [
    JSON.stringify({ pid: child.pid, began: null, owner: 'gone' }),
    JSON.stringify({ pid: process.pid, began: 'another boot 1', owner: 'reused' }),
    'damaged',
  ]) {
    await writeFile(path, stale, { mode: 0o600 });
    assert.equal(await holderOf(folder, 'run'), undefined);
    const lock = await takeLock(folder, 'run', fakeTime());
    assert.equal((JSON.parse(await readFile(path, 'utf8')) as { pid: number }).pid, process.pid);
    await lock.release();
  }
  assert.deepEqual(await readdir(folder), [], 'nothing is left aside');
});

test('a link that leads nowhere in the place of a lock keeps nobody waiting', async (t) => {
  const folder = await temporaryFolder(t);
  await symlink(join(folder, 'nowhere'), join(folder, 'state.lock'));
  await (await takeLock(folder, 'state', fakeTime())).release();
  assert.deepEqual(await readdir(folder), []);
});

test('a process that died while it removed a stale lock stands in nobody’s way', async (t) => {
  const folder = await temporaryFolder(t);
  const dead = JSON.stringify({ pid: 2 ** 30, began: null, owner: 'gone' });
  for (const name of ['state.lock', 'state.lock.removal']) await writeFile(join(folder, name), dead, { mode: 0o600 });
  await (await takeLock(folder, 'state', fakeTime())).release();
  assert.deepEqual(await readdir(folder), []);
});

test('of many that find a stale lock at once, one at a time holds it', async (t) => {
  const folder = await temporaryFolder(t);
  for (let round = 0; round < 20; round += 1) {
    await writeFile(join(folder, 'state.lock'), JSON.stringify({ pid: 2 ** 30, began: null, owner: 'gone' }), {
      mode: 0o600,
    });
    let holders = 0;
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        const lock = await takeLock(folder, 'state', { sleep: () => systemTimer.sleep(1) }, 60_000);
        holders += 1;
        assert.equal(holders, 1);
        await readdir(folder);
        holders -= 1;
        await lock.release();
      }),
    );
  }
});
