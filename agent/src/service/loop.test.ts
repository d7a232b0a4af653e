import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RuleResult } from '@postern/shared/protocol/verdict';
import type { Readings } from '@postern/shared/protocol/reading';
import { day, hour, minute, second, toTimestamp } from '@postern/shared/time';
import type { Attested } from '../backend/attest.ts';
import { BackendRefusal, BackendUnreachable } from '../backend/faults.ts';
import { StateError } from '../state/store.ts';
import { planOf, readingsOf, ruleOf, stateOf, verdictOf } from '../testing/documents.ts';
import { fakeTime } from '../testing/fake-clock.ts';
import { createKick } from './kick.ts';
import { type LoopEvent, runLoop } from './loop.ts';

type Outcome = Error | { fine: boolean; deadlineInMs?: number; rule?: (now: number) => Partial<RuleResult> };

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
  /** Whether the battery is saved, at that time since the start. */
  saving?: (at: number) => boolean;
  /** Milliseconds that a look takes. */
  lookMs?: number;
  /** Milliseconds that the machine sleeps after a timer was set, at that time since the start. */
  asleep?: (at: number) => number;
  afterAttempt?: (count: number, kick: ReturnType<typeof createKick>) => void;
}

/** Runs the loop until the outcomes are used up, and tells when it attested and what it said. */
async function play(
  outcomes: Outcome[],
  {
    firewall = () => true,
    known = false,
    saving = () => false,
    asleep = () => 0,
    lookMs = 0,
    afterAttempt,
  }: Options = {},
) {
  const time = fakeTime();
  const start = time.now();
  const stop = new AbortController();
  const kick = createKick();
  const events: LoopEvent[] = [];
  const attempts: number[] = [];
  const fresh: boolean[] = [];
  let observed = 0;
  const read = (): Readings => readingsOf(firewall(time.now() - start), time.now());
  const observe = async (): Promise<Readings> => {
    observed += 1;
    time.advance(lookMs);
    return read();
  };
  await runLoop({
    async attest(isFresh): Promise<Attested> {
      fresh.push(isFresh);
      const outcome = outcomes[attempts.length];
      attempts.push(time.now() - start);
      if (attempts.length === outcomes.length) stop.abort();
      if (outcome === undefined) throw new Error('the test is over');
      afterAttempt?.(attempts.length, kick);
      if (outcome instanceof Error) throw outcome;
      const change =
        outcome.deadlineInMs === undefined
          ? outcome.rule?.(time.now())
          : { deadline: toTimestamp(time.now() + outcome.deadlineInMs) };
      const rules = change === undefined ? undefined : [ruleOf({ outcome: 'fail', standing: 'grace', ...change })];
      const verdict = verdictOf(outcome.fine, time.now(), rules);
      const attestation = { seq: 1, hash: 'h'.repeat(43), receivedAt: toTimestamp(time.now()) };
      const answer = { attestation, verdict, collect: planOf() };
      return { state: stateOf(), plan: planOf(), readings: read(), answer };
    },
    observe,
    clock: time,
    timer: {
      async sleep(milliseconds, signal) {
        const sleepsMs = asleep(time.now() - start);
        await time.sleep(milliseconds, signal);
        time.advance(sleepsMs);
      },
    },
    isSaving: async () => saving(time.now() - start),
    random: { uuid: () => '', fraction: () => 0.5 },
    known: known ? verdictOf(true, start) : null,
    plan: planOf(),
    report: (event) => void events.push(event),
    stop: stop.signal,
    kick,
  });
  return { events, kinds: events.map(({ kind }) => kind), attempts, fresh, observed };
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

test('a backend that says for hours that there are too many, and to come back at once, is not hammered', async () => {
  const { attempts } = await play(Array.from({ length: 200 }, () => refusal('too_many_requests', 0)));
  for (const [index, at] of attempts.slice(1).entries()) assert.ok(at - (attempts[index] ?? 0) >= 5 * second);
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

test('while the battery is saved nothing is looked at, and it reports as late as access allows', async () => {
  const { attempts, observed } = await play([fine, fine, fine], {
    saving: () => true,
    firewall: (at) => at < 5 * minute,
  });
  // The evidence is good for an hour; the margin is 15 % of it and a quarter of that by chance.
  const lateMs = hour - 0.15 * hour * 1.25;
  assert.deepEqual(attempts, [0, lateMs, 2 * lateMs]);
  assert.equal(observed, 0);
});

test('a deadline is asked about in time while the battery is saved, too', async () => {
  const { attempts } = await play([{ fine: true, deadlineInMs: 20 * minute }, fine], { saving: () => true });
  assert.deepEqual(attempts, [0, 20 * minute + 2 * second]);
});

test('once the battery is no longer saved, a report that is overdue follows within minutes', async () => {
  const { attempts } = await play([fine, fine], { saving: (at) => at < 24 * minute });
  assert.deepEqual(attempts, [0, 25 * minute]);
});

test('when saving begins it stops looking for changes', async () => {
  const { observed, attempts } = await play([fine, fine], { saving: (at) => at >= 3 * minute });
  assert.equal(observed, 3);
  assert.ok((attempts[1] ?? 0) > 40 * minute);
});

test('after the machine slept it waits for the network a moment, and reports', async () => {
  // Five minutes after the start the lid is closed, for ten minutes.
  const { attempts } = await play([fine, fine], { asleep: (at) => (at === 5 * minute ? 10 * minute : 0) });
  assert.deepEqual(attempts, [0, 16 * minute + 5 * second]);
});

test('after a sleep while the battery is saved it reports only if access would be lost', async () => {
  const shortNap = await play([fine, fine], {
    saving: () => true,
    asleep: (at) => (at === 5 * minute ? 10 * minute : 0),
  });
  assert.deepEqual(shortNap.attempts, [0, hour - 0.15 * hour * 1.25]);
  const night = await play([fine, fine], { saving: () => true, asleep: (at) => (at === 5 * minute ? 8 * hour : 0) });
  assert.deepEqual(night.attempts, [0, 8 * hour + 10 * minute + 5 * second]);
});

test('a machine that wakes without a network tries again soon, not as late as it would have', async () => {
  const { attempts } = await play([away(), away(), away(), away(), away(), away(), away(), fine], {
    asleep: (at) => (at > 2 * minute && at < 5 * minute ? hour : 0),
  });
  const pauses = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
  assert.ok(
    pauses.every((pause) => pause < 5 * minute || pause > hour),
    String(pauses),
  );
});

test('a clock that is set back does not keep it from reporting', async () => {
  const { attempts } = await play([fine, fine], { asleep: (at) => (at === 5 * minute ? -3 * hour : 0) });
  assert.equal(attempts[1], 900 * second - 3 * hour);
});

test('what somebody asked for is read anew; a regular report may use what was read before', async () => {
  const { fresh } = await play([fine, fine, fine], { afterAttempt: (count, kick) => void (count === 1 && kick.now()) });
  assert.deepEqual(fresh, [true, true, false]);
});

test('a rule that moves from notify to warn is news, though it stands as it stood', async () => {
  const stage = (stage: 'notify' | 'warn') => (now: number) => ({
    stage,
    deadline: toTimestamp(now - (now % day) + 3 * day),
  });
  const { events } = await play([
    { fine: true, rule: stage('notify') },
    { fine: true, rule: stage('notify') },
    { fine: true, rule: stage('warn') },
  ]);
  assert.deepEqual(
    events.map((event) => event.kind === 'verdict' && event.verdict.rules[0]?.stage),
    ['notify', 'warn'],
  );
});

test('with the backend away, the person still hears when to act and when it is nearly too late, once each', async () => {
  const rule = (now: number) => ({
    stage: 'notify' as const,
    since: toTimestamp(now - day),
    warnAt: toTimestamp(now + 30 * minute),
    deadline: toTimestamp(now + 2 * hour),
  });
  const { events } = await play([{ fine: true, rule }, ...Array.from({ length: 60 }, away)]);
  const notices = events.flatMap((event) => (event.kind === 'notice' ? [event.notice] : []));
  assert.deepEqual(
    notices.map(({ kind }) => kind),
    ['warn', 'last-call'],
  );
  assert.ok((notices[1]?.leftMs ?? 0) > 50 * minute && (notices[1]?.leftMs ?? 0) <= hour);
});

test('where a look costs much it looks less often, and never takes more than a hundredth of the time', async () => {
  const { observed } = await play([fine, fine], { lookMs: 3 * second });
  // One after a minute, the next ones five minutes apart, until the quarter of an hour is over.
  assert.equal(observed, 3);
  assert.equal((await play([fine, fine], { lookMs: 100 })).observed, 14);
});
