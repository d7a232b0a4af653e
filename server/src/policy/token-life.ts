import type { Verdict } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import { isEnforced } from './counting.ts';
import { nextChangeAt } from './judge.ts';
import type { CompiledPolicy, Waiver } from './types.ts';

/**
 * How long a token may live that is issued on a verdict, in milliseconds: no longer than any applying policy that is
 * enforced says, than
 * the evidence is fresh, than each exception that the verdict leans on, and than until the next deadline. 0 when there
 * may be none.
 */
export function tokenLife(given: {
  policies: readonly CompiledPolicy[];
  verdict: Verdict;
  waivers: readonly Waiver[];
  now: Instant;
}): number {
  const { policies, verdict, waivers, now } = given;
  if (verdict.status !== 'compliant' && verdict.status !== 'grace') return 0;
  const applying = policies.filter(
    (policy) =>
      isEnforced(policy) &&
      verdict.policies.some(({ name, version }) => name === policy.name && version === policy.version),
  );
  if (applying.length === 0) return 0;
  const ends = [nextChangeAt(verdict), ...waivers.map(({ expiresAt }) => expiresAt).filter((end) => end > now)];
  return Math.max(0, Math.min(...applying.map(({ tokenLifeMs }) => tokenLifeMs), ...ends.map((end) => end - now)));
}
