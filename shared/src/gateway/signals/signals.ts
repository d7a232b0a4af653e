import type { AccessTokenClaims } from '../../protocol/token.ts';
import { type Instant, second } from '../../time.ts';
import type { Algorithm } from '../key-set.ts';
import { createHearing, type Hearing } from './hearing.ts';
import { createPoll, type PollDeps } from './poll.ts';

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
  state(): ReturnType<Hearing['state']>;
  close(): Promise<void>;
}

const longestPauseMs = 10 * second;

/** Polls the signals of the backend for as long as it is not closed. */
export function startSignals(
  { clockToleranceSeconds, ...deps }: Omit<PollDeps, 'algorithms' | 'hearing'> & { clockToleranceSeconds: number },
  options: SignalsOptions,
): Signals {
  const { onProblem } = deps;
  const { maxLagMs = 45 * second, onStale = 'keep', pollIntervalMs = second / 2 } = options;
  const algorithms = options.algorithms ?? ['RS256', 'ES256'];
  const hearing = createHearing(options.most ?? 100_000);
  const closing = new AbortController();
  const poll = createPoll({ ...deps, algorithms, hearing }, closing.signal);

  async function run(): Promise<void> {
    let failures = 0;
    while (!closing.signal.aborted) {
      const startedAt = performance.now();
      try {
        const more = await poll();
        failures = 0;
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
      const said = hearing.judge(claims, clockToleranceSeconds * second);
      if (said === 'ended') return said;
      const { polledAt } = hearing.state();
      if (polledAt !== null && now - polledAt > maxLagMs) {
        onProblem({ code: 'signals_stale', message: 'Nothing was heard from Postern for too long.' });
        if (onStale === 'deny') return 'stale';
      }
      return said;
    },
    state: () => hearing.state(),
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
