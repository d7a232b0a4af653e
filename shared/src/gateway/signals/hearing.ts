import type { AccessTokenClaims } from '../../protocol/token.ts';
import { type Instant, minute, second } from '../../time.ts';
import { createEndings } from './endings.ts';
import type { Ending } from './read-signal.ts';

/** What this process knows by signals, and since when: it remembers nothing of its past. */
export interface Hearing {
  /** Whether all that ends from now on is heard of. */
  isComplete(): boolean;
  take(ending: Ending, now: Instant): void;
  /** From here on, whatever was issued before must be asked about. */
  loseTrack(): void;
  /** Begins a poll. What it returns is called once the poll was answered, and all of the answer taken. */
  listen(startedAt: Instant): (now: Instant, moreAvailable: boolean) => void;
  judge(claims: AccessTokenClaims, toleranceMs: number): 'good' | 'ended' | 'unknown';
  state(): { heardSince: Instant | null; polledAt: Instant | null; remembered: number };
}

/** @param most endings that are remembered at once */
export function createHearing(most: number): Hearing {
  const endings = createEndings(most);
  let heardSince: Instant | undefined;
  let polledAt: Instant | undefined;
  let forgottenAt: Instant = -Infinity;
  let losses = 0;
  let isEnabled = true;

  function loseTrack(): void {
    endings.clear();
    heardSince = undefined;
    losses += 1;
  }

  return {
    isComplete: () => heardSince !== undefined,
    loseTrack,
    take(ending, now) {
      if (ending.kind === 'stream') isEnabled = ending.enabled;
      const isStopped = ending.kind === 'stream' && !ending.enabled;
      if (ending.kind === 'unclear' || isStopped || !endings.apply(ending, now)) loseTrack();
    },
    listen(startedAt) {
      const lossesBefore = losses;
      return (now, moreAvailable) => {
        polledAt = now;
        // Where a signal of this very answer made us lose track, only what comes after the next one counts.
        if (losses === lossesBefore && !moreAvailable && isEnabled) heardSince ??= startedAt;
        if (now - forgottenAt > minute) endings.forget((forgottenAt = now));
      };
    },
    judge(claims, toleranceMs) {
      if (endings.hasEnded(claims)) return 'ended';
      const wasHeard = heardSince !== undefined && claims.iat * second > heardSince + toleranceMs;
      return wasHeard ? 'good' : 'unknown';
    },
    state: () => ({ heardSince: heardSince ?? null, polledAt: polledAt ?? null, remembered: endings.size }),
  };
}
