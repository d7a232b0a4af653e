import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { catalogue } from '@postern/shared/checks/catalogue';
import type { Check } from '@postern/shared/checks/define';
import { readingSchema, type Reading } from '@postern/shared/protocol/reading';
import fc from 'fast-check';
import { z } from 'zod';
import { collect } from './collect.ts';
import type { Collector } from './collector.ts';
import { collectors } from './collectors.ts';
import { found, unknown, type Finding } from './finding.ts';
import { recordedSystem } from './testing/recorded-system.ts';

const checkOf = (id: string, value: z.ZodType = z.strictObject({ on: z.boolean() })): Check => ({
  id,
  title: 'A thing',
  about: '',
  fix: {},
  value,
});
const collectorOf = (id: string, read: () => Promise<Finding<unknown>>, deadlineMs = 1_000): Collector => ({
  check: checkOf(id),
  deadlineMs,
  on: { linux: read },
});
const on = () => Promise.resolve(found({ on: true }, '/a/file'));
const now = Date.UTC(2026, 10, 21, 9, 30);
const system = recordedSystem({ platform: 'linux', now, uid: 1000 });
const readOne = async (collector: Collector, on = system): Promise<Reading> => {
  const reading = (await collect(on, [collector]))[collector.check.id];
  return readingSchema.parse(reading);
};

test('a finding becomes a reading with time and privilege', async () => {
  assert.deepEqual(await readOne(collectorOf('a', on)), {
    status: 'ok',
    value: { on: true },
    method: '/a/file',
    privilege: 'user',
    collectedAt: '2026-11-21T09:30:00.000Z',
  });
  const asRoot = await readOne(collectorOf('a', on), recordedSystem({ platform: 'linux', uid: 0 }));
  assert.equal(asRoot.privilege, 'root');
});

test('a platform without a collector is unknown: that nobody wrote one says nothing of the machine', async () => {
  const reading = await readOne(collectorOf('a', on), recordedSystem({ platform: 'windows' }));
  assert.equal(reading.status === 'unknown' && reading.reason, 'no-data');
  assert.equal(reading.privilege, 'user');
});

test('an exception is unknown, and its message, which may quote a secret, is not told', async () => {
  const reading = await readOne(collectorOf('a', () => Promise.reject(new RangeError('hunter2'))));
  assert.ok(reading.status === 'unknown' && reading.reason === 'failed');
  assert.match(reading.detail, /RangeError/);
  assert.doesNotMatch(reading.detail, /hunter2/);
  const thrown = await readOne(
    collectorOf('a', () => {
      throw Object.assign(new Error('x'), { code: 'EMFILE' });
    }),
  );
  assert.match(thrown.status === 'unknown' ? thrown.detail : '', /EMFILE/);
});

test('a collector that takes too long is unknown, and what it says later is ignored', async () => {
  const reading = await readOne(collectorOf('a', () => pause(60).then(() => Promise.reject(new Error('late'))), 10));
  assert.ok(reading.status === 'unknown' && reading.reason === 'timed-out');
  await pause(80);
});

test('at its deadline a check can begin nothing more', async () => {
  const asked: string[] = [];
  const ended = Promise.withResolvers<unknown>();
  const machine = {
    ...system,
    readFile: async (path: string) => {
      asked.push(path);
      await pause(5);
      return { outcome: 'absent' } as const;
    },
  };
  const endless: Collector = {
    check: checkOf('a'),
    deadlineMs: 30,
    on: {
      linux: async (given) => {
        try {
          for (;;) await given.readFile('/a');
        } catch (error) {
          ended.resolve(error);
          throw error;
        }
      },
    },
  };
  const reading = await readOne(endless, machine);
  assert.equal(reading.status === 'unknown' && reading.reason, 'timed-out');
  await ended.promise;
  assert.ok(asked.length > 0);
});

test('a machine that slept while it was read says when that began', async () => {
  let time = now;
  const sleepy = { ...system, clock: { now: () => time } };
  const slow = collectorOf('a', async () => {
    time += 8 * 60 * 60 * 1000;
    return found({ on: true }, 'm');
  });
  assert.equal((await readOne(slow, sleepy)).collectedAt, '2026-11-21T09:30:00.000Z');
});

test('a value of another form is unknown', async () => {
  for (const value of [undefined, null, {}, { on: 'yes' }, { on: true, more: 1 }]) {
    const reading = await readOne(collectorOf('a', () => Promise.resolve(found(value, 'm'))));
    assert.equal(reading.status === 'unknown' && reading.reason, 'output-unreadable');
  }
});

test('a value that fits its check and is no JSON is unknown', async () => {
  for (const value of [1n, new Date(0), Number.NaN, undefined]) {
    const check = checkOf('a', z.any());
    const reading = await readOne({
      check,
      deadlineMs: 1_000,
      on: { linux: () => Promise.resolve(found(value, 'm')) },
    });
    assert.equal(reading.status === 'unknown' && reading.reason, 'output-unreadable');
  }
});

test('each collector hears the targets of its own check, and the key for identifiers', async () => {
  const heard: unknown[] = [];
  const listening = (id: string): Collector => ({
    ...collectorOf(id, on),
    on: { linux: async (_system, wish) => (heard.push([id, wish]), found({ on: true }, 'm')) },
  });
  await collect(system, [listening('a'), listening('b')], { targets: { a: ['/x'] }, identifierKey: 'k' });
  assert.deepEqual(heard, [
    ['a', { targets: ['/x'], identifierKey: 'k' }],
    ['b', { targets: [], identifierKey: 'k' }],
  ]);
});

test('only what is wanted is read, in the order of the collectors', async () => {
  const slow = collectorOf('slow', () => pause(20).then(() => found({ on: true }, 'm')));
  const all = [slow, collectorOf('b', on), collectorOf('c', on)];
  assert.deepEqual(Object.keys(await collect(system, all)), ['slow', 'b', 'c']);
  assert.deepEqual(Object.keys(await collect(system, all, { only: ['c', 'slow', 'nothing'] })), ['slow', 'c']);
  assert.deepEqual(await collect(system, all, { only: [] }), {});
});

for (const [concurrency, expected] of [
  [undefined, 4],
  [1, 1],
  [0, 1],
  [100, 9],
] as const) {
  test(`with a concurrency of ${concurrency ?? 'nothing said'}, ${expected} run at a time`, async () => {
    let running = 0;
    let most = 0;
    const counted = async () => {
      running += 1;
      most = Math.max(most, running);
      await pause(5);
      running -= 1;
      return found({ on: true }, 'm');
    };
    const nine = Array.from({ length: 9 }, (_, index) => collectorOf(`c${index}`, counted));
    await collect(system, nine, concurrency === undefined ? {} : { concurrency });
    assert.equal(most, expected);
  });
}

test('whatever a collector writes as method and detail, its reading parses and keeps to one line', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 700 }),
      fc.string({ unit: 'grapheme', maxLength: 700 }),
      async (method, detail) => {
        const reading = await readOne(collectorOf('a', () => Promise.resolve(unknown('no-data', detail, method))));
        assert.ok(reading.status === 'unknown');
        assert.doesNotMatch(reading.detail + reading.method, /[\n\r\u2028\u202e]/);
        assert.ok(reading.detail.isWellFormed() && reading.method.isWellFormed());
      },
    ),
  );
});

test('every check of the catalogue has its collector, in the same order', () => {
  assert.deepEqual(
    collectors({ clockOffsetMs: () => 0 }).map(({ check }) => check),
    catalogue,
  );
});

/** Their answer is made of what is there: no product, no manager, no such file, and a time that the system counts itself. */
const alwaysAnswered = new Set(['antivirus', 'device-management', 'files', 'uptime']);
const targets = { processes: ['/opt/edr/agent'], files: ['/opt/edr/agent'] };
/** Asks libraries that look at the machine of the test instead. */
const notRecorded = new Set(['identifiers']);

for (const platform of ['linux', 'macos', 'windows'] as const) {
  test(`${platform}: a machine that answers nothing passes and fails nothing, and says why in sentences`, async () => {
    const all = collectors({ clockOffsetMs: () => undefined }).filter(({ check }) => !notRecorded.has(check.id));
    for (const [id, reading] of Object.entries(await collect(recordedSystem({ platform }), all, { targets }))) {
      readingSchema.parse(reading);
      if (alwaysAnswered.has(id)) continue;
      assert.notEqual(reading.status, 'ok', id);
      assert.match(reading.status === 'ok' ? '' : reading.detail, /^\S.{15,}\.$/u, id);
    }
  });
}
