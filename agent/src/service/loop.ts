import type { Readings } from '@postern/shared/protocol/reading';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import type { Verdict } from '@postern/shared/protocol/verdict';
import { type Clock, fromTimestamp, type Instant, minute, second } from '@postern/shared/time';
import type { Attested } from '../backend/attest.ts';
import { BackendRefusal, BackendUnreachable } from '../backend/faults.ts';
import { type More, moreAsked } from '../plan.ts';
import type { Random } from '../random.ts';
import { NotEnrolledError } from '../state/not-enrolled.ts';
import { StateError } from '../state/store.ts';
import type { Timer } from '../timer.ts';
import type { Kick } from './kick.ts';
import { type Notice, noticesDue } from './notices.ts';
import { sameReadings } from './same-readings.ts';
import { type Pause, pauseAfterFailure, pauseAfterRefusal, pauseAfterVerdict, pauseAfterWake } from './schedule.ts';
import { sameVerdict } from './same-verdict.ts';

export type LoopEvent =
  /** `before` is null for the first verdict. */
  | { kind: 'verdict'; verdict: Verdict; before: Verdict | null }
  | { kind: 'notice'; notice: Notice }
  /** The backend asks for more than it did. */
  | { kind: 'asked'; more: readonly More[] }
  | { kind: 'refused'; code: string; sentence: string; retryInMs: number }
  | { kind: 'unreachable'; sentence: string; retryInMs: number }
  | { kind: 'failed'; sentence: string; retryInMs: number }
  /** The backend answers again. */
  | { kind: 'back' };

export interface LoopDeps {
  /** One whole attestation, of the newest state; `fresh`: of nothing that was read before. */
  attest: (fresh: boolean) => Promise<Attested>;
  /** Reads some of what was reported, cheaply, to see whether something changed. */
  observe: (reported: Attested) => Promise<Readings>;
  /** Whether the machine saves its battery. */
  isSaving: () => Promise<boolean>;
  clock: Clock;
  timer: Timer;
  random: Random;
  report: (event: LoopEvent) => void;
  /** The verdict that was said already; null: the first one is news. */
  known: Verdict | null;
  /** What the backend asked for when it was last heard of; null: what it asks for first is no news. */
  plan: CollectionPlan | null;
  /** Someone wants an attestation now. */
  kick: Kick;
  stop: AbortSignal;
}

interface Turn {
  pause: Pause;
  /** What was reported; null where there is no use in looking for changes. */
  reported: Attested | null;
}

interface Memory {
  verdict: Verdict | null;
  plan: CollectionPlan | null;
  /** Device clock minus the clock of whoever judged, at that time. */
  offsetMs: number;
  /** What was last said about not getting through; null while it goes well. */
  trouble: string | null;
  failures: number;
  /** How long to wait between two looks. */
  lookEveryMs: number;
  /** Notices that were given. */
  said: Set<string>;
}

const shortestLookMs = minute;
const longestLookMs = 15 * minute;
/** Looking takes a hundredth of the time at most: on a machine where each look starts programs it is done less often. */
const restPerLook = 100;
/** Nothing is looked at then but whether the battery is still saved. */
const lookWhileSavingEveryMs = 5 * minute;
/** A timer that was this much too late slept with the machine. */
const wakeSlackMs = 30 * second;

/**
 * Keeps the backend up to date until it is told to stop: at the start, then as often as the backend asked for, and
 * when something changes. There is no queue: while the backend is away nothing is kept, and when it is back
 * the newest state is what it hears.
 *
 * @throws NotEnrolledError @throws StateError nothing can be reported until a person acts
 */
export async function runLoop(deps: LoopDeps): Promise<void> {
  const memory: Memory = {
    verdict: deps.known,
    plan: deps.plan,
    offsetMs: 0,
    trouble: null,
    failures: 0,
    lookEveryMs: shortestLookMs,
    said: new Set(),
  };
  let fresh = true;
  while (!deps.stop.aborted) {
    deps.kick.reset();
    const turn = await takeTurn(deps, memory, fresh);
    notify(deps, memory);
    await waitForNext(deps, memory, turn);
    // Who asks for a report wants to see what they have just mended.
    fresh = deps.kick.signal.aborted;
  }
}

async function takeTurn(deps: LoopDeps, memory: Memory, fresh: boolean): Promise<Turn> {
  try {
    const attested = await deps.attest(fresh);
    const { verdict } = attested.answer;
    if (memory.trouble !== null) deps.report({ kind: 'back' });
    memory.trouble = null;
    memory.failures = 0;
    if (memory.verdict === null || !sameVerdict(memory.verdict, verdict)) {
      deps.report({ kind: 'verdict', verdict, before: memory.verdict });
    }
    memory.verdict = verdict;
    tellOfPlan(deps, memory, attested.answer.collect);
    memory.offsetMs = deps.clock.now() - fromTimestamp(verdict.at);
    const pause = pauseAfterVerdict(verdict, attested.state.attestEverySeconds, deps.random);
    return { pause, reported: attested };
  } catch (error) {
    if (error instanceof NotEnrolledError || error instanceof StateError) throw error;
    const pauseMs = reportTrouble(deps, memory, error);
    return { pause: { ordinaryMs: pauseMs, savingMs: pauseMs }, reported: null };
  }
}

/** A person hears of it when more is asked of their device, also when they look at nothing. */
function tellOfPlan({ report }: LoopDeps, memory: Memory, plan: CollectionPlan): void {
  const more = memory.plan === null ? [] : moreAsked(plan, memory.plan);
  if (more.length > 0) report({ kind: 'asked', more });
  memory.plan = plan;
}

/** Says it once, not at every attempt. */
function reportTrouble({ report, random }: LoopDeps, memory: Memory, error: unknown): number {
  const sentence = error instanceof Error ? error.message : String(error);
  const say = (trouble: string, event: LoopEvent) => {
    if (memory.trouble !== trouble) report(event);
    memory.trouble = trouble;
  };
  if (error instanceof BackendRefusal) {
    const retryInMs = pauseAfterRefusal(error, random);
    say(error.code, { kind: 'refused', code: error.code, sentence, retryInMs });
    return retryInMs;
  }
  const retryInMs = pauseAfterFailure(memory.failures, random);
  memory.failures += 1;
  if (error instanceof BackendUnreachable) say('unreachable', { kind: 'unreachable', sentence, retryInMs });
  else say(`failed ${sentence}`, { kind: 'failed', sentence, retryInMs });
  return retryInMs;
}

function notify({ clock, report }: LoopDeps, { verdict, offsetMs, said }: Memory): void {
  if (verdict === null) return;
  for (const notice of noticesDue(verdict, clock.now() - offsetMs, said)) report({ kind: 'notice', notice });
}

/**
 * Waits until the next attestation is due, or something changed, or somebody asked, or the machine woke. Time is counted
 * twice: by the clock, because a sleeping machine's timers sleep too, and by what was waited, because a clock may be set
 * back.
 */
async function waitForNext(deps: LoopDeps, memory: Memory, { pause, reported }: Turn): Promise<void> {
  const { clock, timer, kick, stop } = deps;
  const startedAt = clock.now();
  const wake = AbortSignal.any([stop, kick.signal]);
  let waitedMs = 0;
  while (!wake.aborted) {
    const saving = reported !== null && (await deps.isSaving());
    const pauseMs = saving ? pause.savingMs : pause.ordinaryMs;
    const leftMs = Math.min(pauseMs - waitedMs, startedAt + pauseMs - clock.now());
    if (leftMs <= 0) return;
    const sleepMs = Math.min(leftMs, saving ? lookWhileSavingEveryMs : memory.lookEveryMs);
    const sleptTo = await sleep(deps, sleepMs, wake);
    waitedMs += sleepMs;
    if (wake.aborted) return;
    notify(deps, memory);
    if (sleptTo === 'wake') {
      await timer.sleep(pauseAfterWake(deps.random), wake);
      if (!saving) return;
    } else if (!saving && reported !== null && sleepMs < leftMs) {
      if (await hasChanged(deps, memory, reported)) return;
    }
  }
}

async function hasChanged({ clock, observe }: LoopDeps, memory: Memory, reported: Attested): Promise<boolean> {
  const from = clock.now();
  const seen = await observe(reported);
  const tookMs = clock.now() - from;
  memory.lookEveryMs = Math.min(longestLookMs, Math.max(shortestLookMs, tookMs * restPerLook));
  return !sameReadings(reported.readings, seen);
}

/** @returns `wake` when the clock went on much further than was slept: the machine slept as well */
async function sleep({ clock, timer }: LoopDeps, milliseconds: number, wake: AbortSignal): Promise<'end' | 'wake'> {
  const from: Instant = clock.now();
  await timer.sleep(milliseconds, wake);
  return clock.now() - from > milliseconds + wakeSlackMs ? 'wake' : 'end';
}
