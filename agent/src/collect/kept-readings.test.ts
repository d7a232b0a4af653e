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

/** An agent that keeps running, on a machine whose clock and files the test moves. */
function machine(change: Partial<Collector> = {}, finding: () => Finding<unknown> = () => found({ on: true }, 'm')) {
  let now = start;
  let reads = 0;
  const modified: Record<string, number> = { '/status': 1 };
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
    modified,
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
    look: async (
      mostAgeMs = 15 * minute,
      asked: { targets?: Record<string, string[]>; identifierKey?: string } = {},
    ) => {
      const system = { ...recordedSystem({ platform: 'linux', modified }), clock: { now: () => now } };
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
  const { look, modified } = machine({ changesWith: { linux: ['/status', '/not-there'] } });
  await look();
  assert.equal((await look()).isNew, false);
  modified['/status'] = 2;
  assert.equal((await look()).isNew, true);
  modified['/not-there'] = 3;
  assert.equal((await look()).isNew, true);
});

test('other targets or another key are another question', async () => {
  const { look } = machine();
  await look();
  assert.equal((await look(undefined, { targets: { a: ['/b'] } })).isNew, true);
  assert.equal((await look(undefined, { targets: { a: ['/b'] } })).isNew, false);
  assert.equal((await look(undefined, { targets: { a: ['/b'] }, identifierKey: 'k' })).isNew, true);
});

test('when the clock was set back nobody knows how old it is', async () => {
  const { look, advance } = machine();
  await look();
  advance(-minute);
  assert.equal((await look()).isNew, true);
});
