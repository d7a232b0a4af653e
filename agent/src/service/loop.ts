import type { Readings } from '@postern/shared/protocol/reading';
import type { Verdict } from '@postern/shared/protocol/verdict';
import { type Clock, minute } from '@postern/shared/time';
import type { Attested } from '../backend/attest.ts';
import { BackendRefusal, BackendUnreachable } from '../backend/faults.ts';
import type { Random } from '../random.ts';
import { NotEnrolledError } from '../state/not-enrolled.ts';
import { StateError } from '../state/store.ts';
import type { Timer } from '../timer.ts';
import type { Kick } from './kick.ts';
import { sameReadings } from './same-readings.ts';
import { pauseAfterFailure, pauseAfterRefusal, pauseAfterVerdict } from './schedule.ts';
import { sameVerdict } from './same-verdict.ts';

export type LoopEvent =
  /** `before` is null for the first verdict. */
  | { kind: 'verdict'; verdict: Verdict; before: Verdict | null }
  | { kind: 'refused'; code: string; sentence: string; retryInMs: number }
  | { kind: 'unreachable'; sentence: string; retryInMs: number }
  | { kind: 'failed'; sentence: string; retryInMs: number }
  /** The backend answers again. */
  | { kind: 'back' };

export interface LoopDeps {
  /** One whole attestation, of the newest state. */
  attest: () => Promise<Attested>;
  /** Reads some of the checks, cheaply, to see whether something changed. */
  observe: () => Promise<Readings>;
  clock: Clock;
  timer: Timer;
  random: Random;
  report: (event: LoopEvent) => void;
  /** The verdict that was said already; null: the first one is news. */
  known: Verdict | null;
  /** Someone wants an attestation now. */
  kick: Kick;
  stop: AbortSignal;
}

interface Turn {
  pauseMs: number;
  /** What was reported; null where there is no use in looking for changes. */
  reported: Readings | null;
}

interface Memory {
  verdict: Verdict | null;
  /** What was last said about not getting through; null while it goes well. */
  trouble: string | null;
  failures: number;
}

const observeEveryMs = minute;

/**
 * Keeps the backend up to date until it is told to stop: at the start, then as often as the backend asked for, and
 * when something changes. There is no queue: while the backend is away nothing is kept, and when it is back
 * the newest state is what it hears.
 *
 * @throws NotEnrolledError @throws StateError nothing can be reported until a person acts
 */
export async function runLoop(deps: LoopDeps): Promise<void> {
  const memory: Memory = { verdict: deps.known, trouble: null, failures: 0 };
  while (!deps.stop.aborted) {
    deps.kick.reset();
    const turn = await takeTurn(deps, memory);
    await waitForNext(deps, turn);
  }
}

async function takeTurn(deps: LoopDeps, memory: Memory): Promise<Turn> {
  try {
    const { state, readings, answer } = await deps.attest();
    if (memory.trouble !== null) deps.report({ kind: 'back' });
    memory.trouble = null;
    memory.failures = 0;
    if (memory.verdict === null || !sameVerdict(memory.verdict, answer.verdict)) {
      deps.report({ kind: 'verdict', verdict: answer.verdict, before: memory.verdict });
    }
    memory.verdict = answer.verdict;
    return { pauseMs: pauseAfterVerdict(answer.verdict, state.attestEverySeconds, deps.random), reported: readings };
  } catch (error) {
    if (error instanceof NotEnrolledError || error instanceof StateError) throw error;
    return { pauseMs: reportTrouble(deps, memory, error), reported: null };
  }
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

/**
 * Waits until the next attestation is due, or something changed, or somebody asked. Time is counted twice: by the clock,
 * because a sleeping machine's timers sleep too, and by what was waited, because a clock may be set back.
 */
async function waitForNext(
  { clock, timer, observe, kick, stop }: LoopDeps,
  { pauseMs, reported }: Turn,
): Promise<void> {
  const dueAt = clock.now() + pauseMs;
  const wake = AbortSignal.any([stop, kick.signal]);
  for (let leftMs = pauseMs; leftMs > 0 && clock.now() < dueAt && !wake.aborted; leftMs -= observeEveryMs) {
    await timer.sleep(Math.min(leftMs, observeEveryMs), wake);
    if (wake.aborted || leftMs <= observeEveryMs || reported === null) continue;
    if (!sameReadings(reported, await observe())) return;
  }
}
