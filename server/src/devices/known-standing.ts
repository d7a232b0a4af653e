import { own } from '@postern/shared/own';
import { fromTimestamp, type Instant } from '@postern/shared/time';
import {
  countedSince,
  lifeWithin,
  nextChangeAt,
  type Rulebook,
  type TokenLimits,
  tokenLimits,
} from '../policy/index.ts';
import type { FailingSince, RuleFinding } from '../policy/types.ts';
import type { DeviceFacts } from './facts.ts';
import { type Standing, standingOf } from './standing.ts';

interface Known {
  rulebook: Rulebook;
  resource: string | null;
  from: Instant;
  /** Until then nothing that it follows from changes. */
  until: Instant;
  standing: Standing;
  limits: TokenLimits;
}

/** For each set of facts: facts that change are others, and these are then forgotten with theirs. */
const known = new WeakMap<DeviceFacts, Known[]>();
const mostResources = 8;

/**
 * The same as standingOf, kept for as long as nothing can change it: tokens are asked for far more often than devices
 * change, and judging one by sixteen rules costs as much as a signature. Only `verdict.at` is when it was judged. What is
 * refused is judged anew each time, for its words, and so is what a rule judges by the clock.
 */
export function knownStandingOf(
  facts: DeviceFacts,
  rulebook: Rulebook,
  resource: string | null,
  now: Instant,
): Standing | undefined {
  const ofFacts = known.get(facts);
  const kept = ofFacts?.find((each) => each.resource === resource && each.rulebook === rulebook);
  if (kept !== undefined && kept.from <= now && now < kept.until)
    return { ...kept.standing, tokenLifeMs: lifeWithin(kept.limits, now) };
  const standing = standingOf(facts, rulebook, resource, now);
  const until = standing === undefined ? undefined : standsUntil(facts, rulebook, standing, now);
  if (standing === undefined || until === undefined) return standing;
  const limits = tokenLimits({ policies: rulebook.policies, ...standing, now });
  const others = (ofFacts ?? []).filter((each) => each.resource !== resource).slice(1 - mostResources);
  known.set(facts, [...others, { rulebook, resource, from: now, until, standing, limits }]);
  return standing;
}

/** Until when a standing is what standingOf would say again; undefined when that is not to be said beforehand. */
function standsUntil(
  { exceptions, posture }: DeviceFacts,
  { brakes }: Rulebook,
  { verdict, findings }: Standing,
  now: Instant,
): Instant | undefined {
  if (verdict.status !== 'compliant' && verdict.status !== 'grace') return undefined;
  const floats = findings.some(
    (finding) => finding.rule.usesNow || isCountedFromNow(finding, posture?.failingSince, now),
  );
  if (floats) return undefined;
  const instants: (Instant | null)[] = [
    nextChangeAt(verdict),
    ...verdict.rules.flatMap(({ warnAt }) => (warnAt === null ? [] : [fromTimestamp(warnAt)])),
    ...exceptions.flatMap(({ approvedAt, beginsAt, expiresAt }) => [approvedAt, beginsAt, expiresAt]),
    ...brakes.map(({ endsAt }) => endsAt),
  ];
  return Math.min(...instants.filter((instant): instant is Instant => instant !== null && instant > now));
}

/** While no attestation has shown a failure, or a clock is behind the one that saw it, its time runs from whenever it is judged. */
function isCountedFromNow({ rule, outcome }: RuleFinding, failingSince: FailingSince = {}, now: Instant): boolean {
  if (outcome !== 'fail' && outcome !== 'unknown') return false;
  const remembered = own(failingSince, rule.reference);
  return remembered === undefined || remembered.since > now || (countedSince(remembered) ?? Infinity) > now;
}
