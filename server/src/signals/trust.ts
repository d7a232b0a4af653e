import type { FleetStatus } from '@postern/shared/protocol/fleet';
import type { ComplianceStatus } from '@postern/shared/protocol/signal';
import type { Verdict } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import { type DeviceFacts, type Standing, standingOf } from '../devices/index.ts';
import { concernsResource, nextChangeAt, type Rulebook } from '../policy/index.ts';

/** Why a device is or is not trusted. */
export type TrustCause =
  | 'compliant'
  | 'device_pending'
  | 'device_suspended'
  | 'device_retired'
  | 'device_quarantined'
  | 'owner_inactive'
  | 'never_attested'
  | 'evidence_stale'
  | 'posture_refused';

export interface Trust {
  /** For whatever no policy and no exception treats in a way of its own. */
  status: ComplianceStatus;
  cause: TrustCause;
  /** Resources for which it is the other way round, in order. */
  exceptFor: readonly string[];
  /** `policy/rule`: what is in the way, in general or else for those. */
  rules: readonly string[];
  /** What its verdict says, whatever bars it: what lists are searched by. */
  posture: FleetStatus;
  /** When it may change although nobody does anything; null: only by what the audit records. */
  nextAt: Instant | null;
}

/**
 * Whether receivers are to take a device for compliant at one instant: as a token request of it would be decided. Time to
 * fix (`grace`) is trust. Pure, and it starts at no.
 *
 * @param resources those that anybody is told about
 */
export function trustOf(facts: DeviceFacts, rulebook: Rulebook, resources: readonly string[], now: Instant): Trust {
  const standing = standingOf(facts, rulebook, null, now);
  const barred = barOf(facts);
  if (barred !== undefined) return distrust(barred, facts, standing, now);
  if (standing === undefined) return distrust('never_attested', facts, standing, now);
  const special = resourcesOfTheirOwn(facts, rulebook, resources).map((alike) => ({
    alike,
    verdict: standingOf(facts, rulebook, alike[0] ?? null, now)?.verdict ?? standing.verdict,
  }));
  const { verdict } = standing;
  const isTrusted = isTrust(verdict);
  const all = [verdict, ...special.map((each) => each.verdict)];
  return {
    status: isTrusted ? 'compliant' : 'not-compliant',
    // Stale for anything: then a new report changes it, and no entry of the audit has to say so.
    cause: all.some(({ status }) => status === 'stale')
      ? 'evidence_stale'
      : isTrusted
        ? 'compliant'
        : 'posture_refused',
    exceptFor: special
      .filter((each) => isTrust(each.verdict) !== isTrusted)
      .flatMap(({ alike }) => alike)
      .toSorted(),
    rules: rulesOf(isTrusted ? all : [verdict]),
    posture: verdict.status,
    nextAt: nextOf(facts, all.map(nextChangeAt), now),
  };
}

function rulesOf(verdicts: readonly Verdict[]): string[] {
  return [...new Set(verdicts.filter(({ status }) => status === 'non-compliant').flatMap(({ because }) => because))];
}

function isTrust({ status }: Verdict): boolean {
  return status === 'compliant' || status === 'grace';
}

/** The verdict goes on changing by time alone, and lists are searched by it. */
function distrust(cause: TrustCause, facts: DeviceFacts, standing: Standing | undefined, now: Instant): Trust {
  return {
    status: 'not-compliant',
    cause,
    exceptFor: [],
    rules: [],
    posture: standing?.verdict.status ?? 'never-attested',
    nextAt: standing === undefined ? null : nextOf(facts, [nextChangeAt(standing.verdict)], now),
  };
}

/**
 * The resources that a policy, a rule or an exception of this device treats in a way of their own, those together that all of
 * them treat alike. Mostly there are none.
 */
function resourcesOfTheirOwn(facts: DeviceFacts, rulebook: Rulebook, resources: readonly string[]): string[][] {
  const { policies, tiers } = rulebook;
  const usesResource = policies.some(({ rules }) => rules.some((rule) => rule.usesResource));
  const groups = Map.groupBy(resources, (name) => {
    const asked = { name, tier: tiers.get(name) ?? null };
    const own = policies.filter(
      ({ document }) => concernsResource(document.applies_to, asked) && !concernsResource(document.applies_to, null),
    );
    const exceptions = facts.exceptions.filter((exception) => exception.resources.includes(name));
    return JSON.stringify([own.map((policy) => policy.name), exceptions.map(({ id }) => id), usesResource ? name : '']);
  });
  groups.delete(JSON.stringify([[], [], '']));
  return [...groups.values()];
}

/** What bars a device whatever its posture, in the order of tokens/decide.ts. */
function barOf({ state, quarantine, owner }: DeviceFacts): TrustCause | undefined {
  if (state === 'retired') return 'device_retired';
  if (state === 'suspended') return 'device_suspended';
  if (state !== 'active') return 'device_pending';
  if (quarantine !== null) return 'device_quarantined';
  if (!owner.active) return 'owner_inactive';
  return undefined;
}

/** An exception that is to begin later is in no verdict yet. What is over already is nothing to wait for. */
function nextOf({ exceptions }: DeviceFacts, changes: readonly Instant[], now: Instant): Instant | null {
  const begins = exceptions.flatMap(({ kind, beginsAt }) => (kind === 'device' && beginsAt !== null ? [beginsAt] : []));
  const ahead = [...changes, ...begins].filter((at) => at > now);
  return ahead.length === 0 ? null : Math.min(...ahead);
}
