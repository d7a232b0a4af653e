import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './testing/data-folder.ts';
import { startFakeBackend } from './testing/fake-backend.ts';
import { fakeTime } from './testing/fake-clock.ts';

const main = join(import.meta.dirname, 'main.ts');

test(
  'an agent that is killed wherever it stands goes on afterwards, and the backend sees one history',
  { timeout: 60_000 },
  async (t) => {
    const folder = await temporaryFolder(t);
    const fake = await startFakeBackend(t, fakeTime());
    const start = (...argv: string[]): ChildProcess =>
      spawn(process.execPath, [main, ...argv], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...process.env,
          POSTERN_AGENT_DATA: folder,
          POSTERN_AGENT_ENROLLMENT_TOKEN: 'a-token-of-sixteen-or-more',
        },
      });
    assert.deepEqual(await once(start('enroll', fake.url), 'exit'), [0, null]);
    // What it has asked for last when it dies, and how long it lived on after that.
    for (const [path, moreMs] of [
      ['/oauth/challenge', 0],
      ['/v1/attestations', 0],
      ['/oauth/challenge', 300],
      ['/v1/attestations', 0],
      ['/v1/attestations', 2],
      ['/v1/attestations', 5],
    ] as const) {
      const asked = fake.asked.length;
      const child = start('attest');
      const gone = once(child, 'exit');
      const isAsked = () => fake.asked.slice(asked).some((each) => each.endsWith(path));
      while (!isAsked() && child.exitCode === null) await new Promise(setImmediate);
      const until = performance.now() + moreMs;
      while (performance.now() < until) await new Promise(setImmediate);
      child.kill('SIGKILL');
      await gone;
    }
    assert.deepEqual(await once(start('attest'), 'exit'), [0, null]);
    const seen = fake.accepted.map(({ seq }) => seq);
    assert.ok(seen.length > 0 && seen.every((seq, at) => at === 0 || seq > (seen[at - 1] ?? 0)), String(seen));
    assert.deepEqual(await readdir(folder), ['device.key', 'state.json'], 'nothing is left lying');
  },
);
