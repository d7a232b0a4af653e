import type { RuleStanding } from '@postern/shared/protocol/verdict';
import { fromTimestamp, type Instant } from '@postern/shared/time';
import { type DeviceFacts, type judgedReadings, subjectOf } from '../devices/index.ts';
import { evaluate, judge, waiversFor } from '../policy/index.ts';
import type { ExceptionFacts, FailingSince, RuleFinding } from '../policy/types.ts';
import type { Comparison, Part } from './comparison.ts';

/** A device that has reported. */
export type Attested = DeviceFacts & {
  posture: NonNullable<DeviceFacts['posture']>;
  evidence: NonNullable<DeviceFacts['evidence']>;
};

/** A rule that closes access once its time is over, for one resource. */
export interface Failing {
  finding: RuleFinding;
  since: Instant;
  /** Later than its time to fix while an exception holds. */
  blocksAt: Instant;
}

/** What becomes of a device that stays as it is, for one resource. */
export interface Outlook {
  /** Some policy has a say. Otherwise nobody gets in. */
  covered: boolean;
  /** From when on it is blocked; null: never, as it is. */
  blockedAt: Instant | null;
  /** Soonest first. */
  failing: readonly Failing[];
  /** What does not pass and only warns. */
  warned: readonly RuleFinding[];
  /** The last evidence is too old now; the next report ends that. */
  stale: boolean;
  /** Ids of exceptions that waive something now. */
  excepted: readonly string[];
}

export interface Moment {
  facts: Attested;
  judged: ReturnType<typeof judgedReadings>;
  at: Instant;
  /** When the next brake lets go: what is said here holds until then. */
  until: Instant;
}

/** What a part finds at one moment. */
export interface Found {
  part: Part;
  /** Of every resource. */
  all: readonly RuleFinding[];
  /** As it was known before. */
  remembered: FailingSince;
  failing: FailingSince;
}

/** What becomes of a device from one moment on, for each resource. */
export function outlooksAt(
  moment: Moment,
  parts: readonly Found[],
  exceptions: readonly ExceptionFacts[],
  comparison: Comparison,
): Outlook[] {
  const known = new Map<string, Outlook>();
  return comparison.resources.map((resource, index) => {
    const likeness = exceptions.length > 0 ? String(index) : parts.map(({ part }) => part.alike[index]).join();
    let outlook = known.get(likeness);
    if (outlook === undefined) {
      const findings = parts.flatMap((found) => findingsFor(found, moment, resource, index));
      outlook = outlookOf(moment, findings, parts, exceptions, resource, comparison);
      known.set(likeness, outlook);
    }
    return outlook;
  });
}

function findingsFor({ part, all, remembered }: Found, moment: Moment, resource: string | null, index: number) {
  const concerning = part.concerning[index] ?? new Set();
  if (concerning.size === 0) return [];
  if (!part.readsResource)
    return concerning.size === part.rulebook.policies.length ? all : all.filter(({ policy }) => concerning.has(policy));
  const { facts, judged, at } = moment;
  return evaluate({
    ...judged,
    rulebook: part.rulebook,
    subject: subjectOf(facts),
    failingSince: remembered,
    resource,
    now: at,
  });
}

function outlookOf(
  { facts, judged, at, until }: Moment,
  findings: readonly RuleFinding[],
  parts: readonly Found[],
  exceptions: readonly ExceptionFacts[],
  resource: string | null,
  comparison: Comparison,
): Outlook {
  const waivers =
    exceptions.length === 0
      ? []
      : waiversFor({
          exceptions,
          findings,
          personId: facts.owner.id,
          groups: facts.owner.groups,
          deviceId: facts.id,
          jkt: facts.jkt,
          resource,
          now: at,
        });
  const verdict = judge({
    findings,
    failingSince: Object.assign({}, ...parts.map(({ failing }) => failing)) as FailingSince,
    waivers,
    policies: comparison.policiesOf(parts.map(({ part }) => part)),
    evidenceAt: facts.evidence.receivedAt,
    now: at,
  });
  const failing: Failing[] = [];
  const warned: RuleFinding[] = [];
  for (const [index, finding] of findings.entries()) {
    const result = verdict.rules[index];
    if (result === undefined || !inTheWay.has(result.standing)) continue;
    if (isUncollected(finding, facts, judged.readings, comparison)) continue;
    if (result.standing === 'warned') warned.push(finding);
    else if (result.since !== null && result.deadline !== null) {
      const blocksAt = Math.max(fromTimestamp(result.deadline), at);
      failing.push({ finding, since: fromTimestamp(result.since), blocksAt });
    }
  }
  failing.sort((left, right) => left.blocksAt - right.blocksAt);
  // What judge adds to what was found is that nobody has a say.
  const covered = verdict.rules.length === findings.length;
  const first = covered ? failing[0]?.blocksAt : at;
  return {
    covered,
    blockedAt: first === undefined || first >= until ? null : first,
    failing,
    warned,
    stale: covered && verdict.status === 'stale',
    excepted: [...new Set(waivers.map(({ exceptionId }) => exceptionId))],
  };
}

const inTheWay: ReadonlySet<RuleStanding> = new Set(['warned', 'grace', 'excepted', 'blocked']);

/** Whether nobody has asked the device for what the rule looks at: what it would say is not known, so nothing follows. */
export function isUncollected(
  { rule, outcome }: RuleFinding,
  facts: Attested,
  readings: Attested['posture']['readings'],
  { isCollected }: Pick<Comparison, 'isCollected'>,
): boolean {
  const { check, targets } = rule.document;
  if (outcome === 'not-applicable') return false;
  if (targets === undefined && Object.hasOwn(readings, check)) return false;
  return !isCollected(subjectOf(facts), rule);
}

/** For each resource what is said now, with the first block that any moment brings. */
export function firstToBlock([now = [], ...later]: readonly Outlook[][]): Outlook[] {
  return now.map((outlook, index) => {
    if (outlook.blockedAt !== null) return outlook;
    const then = later.map((each) => each[index]).find((each) => each !== undefined && each.blockedAt !== null);
    return then === undefined ? outlook : { ...outlook, blockedAt: then.blockedAt, failing: then.failing };
  });
}
