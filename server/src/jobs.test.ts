import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startJobs } from './jobs.ts';

const silent = { error: () => undefined };

test('a job never runs twice at once, and stopping waits for it', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let runs = 0;
  let end: () => void = () => undefined;
  const run = () => {
    runs += 1;
    return new Promise<void>((resolve) => (end = resolve));
  };
  const jobs = startJobs([{ name: 'sweep', everyMs: 1000, run }], silent);
  t.mock.timers.tick(3000);
  assert.equal(runs, 1);
  let stopped = false;
  const stopping = jobs.stop().then(() => (stopped = true));
  await Promise.resolve();
  assert.equal(stopped, false);
  end();
  await stopping;
  t.mock.timers.tick(3000);
  assert.equal(runs, 1);
});

test('a job that fails is logged by name and runs again', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const failures: unknown[] = [];
  const run = () => Promise.reject(new Error('no disk'));
  const jobs = startJobs([{ name: 'thin', everyMs: 1000, run }], {
    error: (about: unknown) => void failures.push(about),
  });
  t.mock.timers.tick(1000);
  await assert.rejects(jobs.run('thin'), /no disk/);
  await Promise.resolve();
  t.mock.timers.tick(1000);
  await assert.rejects(jobs.run('thin'), /no disk/);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(failures.length, 2);
  await jobs.stop();
});
