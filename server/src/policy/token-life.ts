import type { Verdict } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import { isEnforced } from './counting.ts';
import { nextChangeAt } from './judge.ts';
import type { CompiledPolicy, Waiver } from './types.ts';

interface Given {
  policies: readonly CompiledPolicy[];
  verdict: Verdict;
  waivers: readonly Waiver[];
  now: Instant;
}

/** What bounds the life of a token: a length of time, and an instant. */
export interface TokenLimits {
  longestMs: number;
  endsAt: Instant;
}

/**
 * The bounds of a token that is issued on a verdict: no longer than any applying policy that is enforced says, than the
 * evidence is fresh, than each exception that the verdict leans on, and than until the next deadline. They stand for as long
 * as the verdict does. A `longestMs` of 0: there may be none.
 */
export function tokenLimits({ policies, verdict, waivers, now }: Given): TokenLimits {
  const none = { longestMs: 0, endsAt: now };
  if (verdict.status !== 'compliant' && verdict.status !== 'grace') return none;
  const applying = policies.filter(
    (policy) =>
      isEnforced(policy) &&
      verdict.policies.some(({ name, version }) => name === policy.name && version === policy.version),
  );
  if (applying.length === 0) return none;
  const ends = [nextChangeAt(verdict), ...waivers.map(({ expiresAt }) => expiresAt).filter((end) => end > now)];
  return { longestMs: Math.min(...applying.map(({ tokenLifeMs }) => tokenLifeMs)), endsAt: Math.min(...ends) };
}

/** How long a token may live that is issued at this instant, in milliseconds; 0 when there may be none. */
export function lifeWithin({ longestMs, endsAt }: TokenLimits, now: Instant): number {
  return Math.max(0, Math.min(longestMs, endsAt - now));
}

export function tokenLife(given: Given): number {
  return lifeWithin(tokenLimits(given), given.now);
}
