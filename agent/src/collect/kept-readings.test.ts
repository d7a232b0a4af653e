import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minute, toTimestamp } from '@postern/shared/time';
import { z } from 'zod';
import { collect } from './collect.ts';
import type { Collector } from './collector.ts';
import { found, unknown, type Finding } from './finding.ts';
import { keptReadings } from './kept-readings.ts';
import { recordedSystem } from './testing/recorded-system.ts';

const start = Date.UTC(2026, 10, 21, 9, 30);

const entryOf = (version: string) =>
  ({ outcome: 'found', kind: 'file', sizeBytes: 1, identity: 'i', version }) as const;

/** An agent that keeps running, on a machine whose clock and files the test moves. */
function machine(change: Partial<Collector> = {}, finding: () => Finding<unknown> = () => found({ on: true }, 'm')) {
  let now = start;
  let reads = 0;
  let uptimeSeconds = 3600;
  const versions: Record<string, string> = { '/status': '1' };
  const collector: Collector = {
    check: { id: 'a', title: 'A thing', about: '', fix: {}, value: z.strictObject({ on: z.boolean() }) },
    deadlineMs: 1000,
    keepForMs: 10 * minute,
    on: {
      linux: async () => {
        reads += 1;
        return finding();
      },
    },
    ...change,
  };
  const readings = keptReadings();
  return {
    versions,
    advance: (milliseconds: number) => {
      now += milliseconds;
      uptimeSeconds += milliseconds / 1000;
    },
    setClock: (byMs: number) => {
      now += byMs;
    },
    look: async (
      mostAgeMs = 15 * minute,
      asked: { targets?: Record<string, string[]>; identifierKey?: string } = {},
    ) => {
      const entries = Object.fromEntries(Object.entries(versions).map(([path, version]) => [path, entryOf(version)]));
      const system = {
        ...recordedSystem({ platform: 'linux', entries, uptimeSeconds }),
        clock: { now: () => now },
      };
      const before = reads;
      const reading = (await collect(system, [collector], { ...asked, kept: { readings, mostAgeMs } }))['a'];
      return { isNew: reads > before, collectedAt: reading?.collectedAt };
    },
  };
}

test('a kept reading serves again and says when it was taken', async () => {
  const { look, advance } = machine();
  assert.equal((await look()).isNew, true);
  advance(9 * minute);
  assert.deepEqual(await look(), { isNew: false, collectedAt: toTimestamp(start) });
  advance(minute);
  assert.deepEqual(await look(), { isNew: true, collectedAt: toTimestamp(start + 10 * minute) });
});

test('it is never older than whoever asks accepts', async () => {
  const { look, advance } = machine();
  await look();
  advance(5 * minute);
  assert.equal((await look(5 * minute)).isNew, true);
  assert.equal((await look(0)).isNew, true);
});

test('what is not said to be kept is read at every look', async () => {
  const { look } = machine({ keepForMs: 0 });
  assert.equal((await look()).isNew, true);
  assert.equal((await look()).isNew, true);
});

test('what is not known is asked again: what was missing may be there', async () => {
  const { look } = machine({}, () => unknown('tool-absent', 'nft is not installed.', 'nft'));
  await look();
  assert.equal((await look()).isNew, true);
});

test('a change of what it depends on ends it at once', async () => {
  const { look, versions } = machine({ changesWith: { linux: ['/status', '/not-there'] } });
  await look();
  assert.equal((await look()).isNew, false);
  // Also where its time of modification is what it was: a version is made of more.
  versions['/status'] = '2';
  assert.equal((await look()).isNew, true);
  versions['/not-there'] = '3';
  assert.equal((await look()).isNew, true);
});

test('other targets or another key are another question', async () => {
  const { look } = machine();
  await look();
  assert.equal((await look(undefined, { targets: { a: ['/b'] } })).isNew, true);
  assert.equal((await look(undefined, { targets: { a: ['/b'] } })).isNew, false);
  assert.equal((await look(undefined, { targets: { a: ['/b'] }, identifierKey: 'k' })).isNew, true);
});

for (const [what, byMs] of [
  ['back', -minute],
  ['forward', minute],
] as const) {
  test(`when the clock was set ${what} the time that it bears is wrong, and it is read again`, async () => {
    const { look, setClock } = machine();
    await look();
    setClock(byMs);
    assert.equal((await look()).isNew, true);
  });
}

test('a clock that was set back by less than has passed since hides no age', async () => {
  const { look, advance, setClock } = machine();
  await look();
  advance(9 * minute);
  setClock(-8 * minute);
  advance(8 * minute);
  assert.equal((await look()).isNew, true, 'by the clock it is nine minutes old, and is seventeen');
});

test('a night that the machine slept through counts', async () => {
  const { look, advance } = machine();
  await look();
  advance(8 * 60 * minute);
  assert.equal((await look()).isNew, true);
});
