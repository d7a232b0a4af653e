import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Readings } from '@postern/shared/protocol/reading';
import { hour, minute, second, toTimestamp } from '@postern/shared/time';
import type { Attested } from '../backend/attest.ts';
import { BackendRefusal, BackendUnreachable } from '../backend/faults.ts';
import { StateError } from '../state/store.ts';
import { readingsOf, ruleOf, stateOf, verdictOf } from '../testing/documents.ts';
import { fakeTime } from '../testing/fake-clock.ts';
import { createKick } from './kick.ts';
import { type LoopEvent, runLoop } from './loop.ts';

type Outcome = Error | { fine: boolean; deadlineInMs?: number };

const refusal = (code: string, retryAfterMs: number | null = null) =>
  new BackendRefusal({
    status: 403,
    code,
    sentence: `Refused: ${code}.`,
    details: [],
    failedChecks: [],
    retryAfterMs,
    answer: {},
  });
const away = () => new BackendUnreachable('No answer.');
const fine = { fine: true };
const blocked = { fine: false };

interface Options {
  /** What the machine says at an observation; it is read once a minute. */
  firewall?: (at: number) => boolean;
  known?: boolean;
  afterAttempt?: (count: number, kick: ReturnType<typeof createKick>) => void;
}

/** Runs the loop until the outcomes are used up, and tells when it attested and what it said. */
async function play(outcomes: Outcome[], { firewall = () => true, known = false, afterAttempt }: Options = {}) {
  const time = fakeTime();
  const start = time.now();
  const stop = new AbortController();
  const kick = createKick();
  const events: LoopEvent[] = [];
  const attempts: number[] = [];
  const observe = async (): Promise<Readings> => readingsOf(firewall(time.now() - start), time.now());
  await runLoop({
    async attest(): Promise<Attested> {
      const outcome = outcomes[attempts.length];
      attempts.push(time.now() - start);
      if (attempts.length === outcomes.length) stop.abort();
      if (outcome === undefined) throw new Error('the test is over');
      afterAttempt?.(attempts.length, kick);
      if (outcome instanceof Error) throw outcome;
      const rules =
        outcome.deadlineInMs === undefined
          ? undefined
          : [ruleOf({ outcome: 'fail', standing: 'grace', deadline: toTimestamp(time.now() + outcome.deadlineInMs) })];
      const verdict = verdictOf(outcome.fine, time.now(), rules);
      const answer = { attestation: { seq: 1, hash: 'h'.repeat(43), receivedAt: toTimestamp(time.now()) }, verdict };
      return { state: stateOf(), readings: await observe(), answer };
    },
    observe,
    clock: time,
    timer: time,
    random: { uuid: () => '', fraction: () => 0.5 },
    known: known ? verdictOf(true, start) : null,
    report: (event) => void events.push(event),
    stop: stop.signal,
    kick,
  });
  return { events, kinds: events.map(({ kind }) => kind), attempts };
}

test('it attests at the start and then as often as the backend asked', async () => {
  const { attempts, kinds } = await play([fine, fine, fine]);
  assert.deepEqual(attempts, [0, 900 * second, 1800 * second]);
  assert.deepEqual(kinds, ['verdict'], 'the same verdict is said once');
});

test('a verdict that changes is said, with the one before', async () => {
  const { events } = await play([fine, blocked, fine]);
  assert.deepEqual(
    events.map((event) => event.kind === 'verdict' && [event.before?.status, event.verdict.status]),
    [
      [undefined, 'compliant'],
      ['compliant', 'non-compliant'],
      ['non-compliant', 'compliant'],
    ],
  );
});

test('a verdict that was said before the start is no news', async () => {
  assert.deepEqual((await play([fine], { known: true })).kinds, []);
  assert.deepEqual((await play([blocked], { known: true })).kinds, ['verdict']);
});

test('a change on the machine is reported at the next look, a minute later at most', async () => {
  const { attempts } = await play([fine, fine], { firewall: (at) => at < 150 * second });
  assert.deepEqual(attempts, [0, 180 * second]);
});

test('a deadline that passes is asked about just after it', async () => {
  const { attempts } = await play([{ fine: true, deadlineInMs: 90 * second }, fine]);
  assert.deepEqual(attempts, [0, 92 * second]);
});

test('while the backend is away it waits longer and longer, says so once, and then reports the newest state', async () => {
  const { attempts, kinds } = await play([away(), away(), away(), away(), fine, fine]);
  const pauses = attempts.slice(1).map((at, index) => (at - (attempts[index] ?? 0)) / second);
  assert.deepEqual(pauses, [3.75, 7.5, 15, 30, 900]);
  assert.deepEqual(kinds, ['unreachable', 'back', 'verdict']);
});

test('the wait for an absent backend has an upper limit', async () => {
  const { attempts } = await play(Array.from({ length: 12 }, away));
  assert.equal((attempts.at(-1) ?? 0) - (attempts.at(-2) ?? 0), 0.75 * 5 * minute);
});

for (const [code, pauseMs] of [
  ['device_pending', minute],
  ['device_suspended', 15 * minute],
  ['device_quarantined', 15 * minute],
  ['attestation_forked', 15 * minute],
  ['device_retired', 6 * hour],
  ['attestation_foreign_key', 6 * hour],
  ['code_of_tomorrow', 15 * minute],
  ['constructor', 15 * minute],
] as const) {
  test(`${code} is said once and asked again after ${pauseMs / minute} minutes`, async () => {
    const { attempts, kinds } = await play([refusal(code), refusal(code), fine]);
    assert.deepEqual(attempts, [0, pauseMs, 2 * pauseMs]);
    assert.deepEqual(kinds, ['refused', 'back', 'verdict']);
  });
}

test('it never asks sooner than Retry-After', async () => {
  const { attempts } = await play([refusal('too_many_requests', 100 * second), fine]);
  assert.ok((attempts[1] ?? 0) >= 100 * second);
});

test('a wish is served at once, also one that comes while another is served', async () => {
  const { attempts } = await play([fine, fine, fine], {
    afterAttempt: (count, kick) => void (count === 1 && kick.now()),
  });
  assert.deepEqual(attempts, [0, 0, 900 * second]);
});

test('whatever else goes wrong is said and tried again', async () => {
  const { attempts, events } = await play([new Error('The disk is full.'), fine]);
  assert.equal(attempts.length, 2);
  assert.equal(events[0]?.kind === 'failed' && events[0].sentence, 'The disk is full.');
});

test('a state that a person must mend ends it', async () => {
  await assert.rejects(play([new StateError('damaged')]), StateError);
});
