import { z } from 'zod';
import type { AccessTokenClaims } from '../../protocol/token.ts';
import { type Clock, type Instant, minute, second } from '../../time.ts';
import type { BackendClient } from '../backend-client.ts';
import { Unavailable } from '../backend-client.ts';
import type { Algorithm, KeySet } from '../key-set.ts';
import type { OnProblem } from '../types.ts';
import { createEndings } from './endings.ts';
import { readSignal } from './read-signal.ts';
import { openStream, type Stream } from './stream.ts';
import { SetRefused, verifySet } from './verify-set.ts';

export interface SignalsOptions {
  /** Signals that are late by more than this are stale; a poll may wait for 30 s. */
  maxLagMs?: number;
  /** What becomes of tokens while signals are stale: `keep` lets them live until `exp`, `deny` lets nobody in. */
  onStale?: 'keep' | 'deny';
  /** How long to wait after an empty answer of a transmitter that does not hold polls back. */
  pollIntervalMs?: number;
  /** Endings that are remembered at once. */
  most?: number;
  algorithms?: readonly Algorithm[];
}

export interface Signals {
  /** What they say of a token: `ended`; `unknown` where they cannot say, since it was issued before they were heard. */
  judge(claims: AccessTokenClaims, now: Instant): 'good' | 'ended' | 'unknown' | 'stale';
  state(): { heardSince: Instant | null; polledAt: Instant | null; remembered: number };
  close(): Promise<void>;
}

interface SignalsDeps {
  issuer: string;
  backend: BackendClient;
  keys: KeySet;
  clock: Clock;
  clockToleranceSeconds: number;
  onProblem: OnProblem;
}

/** Longer than a transmitter holds a poll back. */
const pollTimeoutMs = 40 * second;
const longestPauseMs = 10 * second;
const mostEvents = 200;

const answerSchema = z.looseObject({
  sets: z.record(z.string().min(1).max(128), z.string()),
  moreAvailable: z.boolean().optional(),
});

/** Polls the signals of the backend (RFC 8936) for as long as it is not closed. */
export function startSignals(deps: SignalsDeps, options: SignalsOptions): Signals {
  const { issuer, backend, keys, clock, onProblem } = deps;
  const { maxLagMs = 45 * second, onStale = 'keep', pollIntervalMs = second / 2 } = options;
  const algorithms = options.algorithms ?? ['RS256', 'ES256'];
  const endings = createEndings(options.most ?? 100_000);
  const closing = new AbortController();
  /** What ended before is not known to us: this process remembers nothing of its past. */
  let heardSince: Instant | undefined;
  let losses = 0;
  let polledAt: Instant | undefined;
  let isEnabled = true;
  let stream: Stream | undefined;
  let answers: { ack: string[]; setErrs: Record<string, { err: string; description: string }> } = {
    ack: [],
    setErrs: {},
  };

  /** From here on, whatever was issued before must be asked about. */
  function loseTrack(): void {
    endings.clear();
    heardSince = undefined;
    losses += 1;
  }

  async function take(jti: string, text: string, audience: string): Promise<void> {
    const now = clock.now();
    try {
      const ending = readSignal(await verifySet(text, { issuer, audience, algorithms, jti }, keys, now), issuer);
      if (ending.kind === 'stream') isEnabled = ending.enabled;
      // All that the issuer gave out may have ended, and its keys with it (an emergency rotation).
      if (ending.kind === 'unclear') keys.distrust();
      if (ending.kind === 'unclear' || (ending.kind === 'stream' && !ending.enabled)) loseTrack();
      else if (!endings.apply(ending, now)) loseTrack();
      answers.ack.push(jti);
    } catch (error) {
      if (!(error instanceof SetRefused)) throw error;
      // It may have ended something.
      loseTrack();
      answers.setErrs[jti] = { err: error.err, description: error.message };
      onProblem({ code: 'signal_refused', message: `A signal was not taken. ${error.message}` });
    }
  }

  /** One poll. Returns whether there may be more at once. */
  async function poll(): Promise<boolean> {
    stream ??= await openStream(backend, issuer, closing.signal);
    const startedAt = clock.now();
    const lossesBefore = losses;
    const answer = await backend.ask(stream.pollPath, {
      method: 'POST',
      unlimited: true,
      signal: closing.signal,
      timeoutMs: pollTimeoutMs,
      headers: { authorization: backend.basic ?? '', 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ maxEvents: mostEvents, returnImmediately: heardSince === undefined, ...answers }),
    });
    if (answer.status !== 200) {
      // The stream is not what it was. What it held may be gone.
      stream = undefined;
      loseTrack();
      throw new Unavailable(`Postern answered the poll with status ${answer.status}.`);
    }
    const { sets, moreAvailable = false } = answerSchema.parse(JSON.parse(answer.text));
    answers = { ack: [], setErrs: {} };
    for (const [jti, text] of Object.entries(sets)) await take(jti, text, stream.audience);
    polledAt = clock.now();
    // Where a signal of this very answer made us lose track, only what comes after the next one counts.
    if (losses === lossesBefore && !moreAvailable && isEnabled) heardSince ??= startedAt;
    return moreAvailable || Object.keys(sets).length > 0;
  }

  async function run(): Promise<void> {
    let failures = 0;
    let forgottenAt = clock.now();
    while (!closing.signal.aborted) {
      const startedAt = performance.now();
      try {
        const more = await poll();
        failures = 0;
        if (clock.now() - forgottenAt > minute) endings.forget((forgottenAt = clock.now()));
        if (!more) await pause(pollIntervalMs - (performance.now() - startedAt), closing.signal);
      } catch (error) {
        if (closing.signal.aborted) return;
        failures += 1;
        onProblem({ code: 'signals_unavailable', message: error instanceof Error ? error.message : String(error) });
        await pause(Math.min(longestPauseMs, 100 * 2 ** Math.min(failures, 10)), closing.signal);
      }
    }
  }

  const running = run();

  return {
    judge(claims, now) {
      if (endings.hasEnded(claims)) return 'ended';
      const isStale = polledAt !== undefined && now - polledAt > maxLagMs;
      if (isStale) {
        onProblem({ code: 'signals_stale', message: 'Nothing was heard from Postern for too long.' });
        if (onStale === 'deny') return 'stale';
      }
      const tolerance = deps.clockToleranceSeconds * second;
      const wasHeard = heardSince !== undefined && claims.iat * second > heardSince + tolerance;
      return wasHeard ? 'good' : 'unknown';
    },
    state: () => ({ heardSince: heardSince ?? null, polledAt: polledAt ?? null, remembered: endings.size }),
    async close() {
      closing.abort();
      await running;
    },
  };
}

/** Ends early when it is broken off, and keeps no process alive. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((done) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      done();
    };
    const timer = setTimeout(finish, milliseconds);
    timer.unref();
    signal.addEventListener('abort', finish);
  });
}
