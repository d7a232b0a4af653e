import type { ReplayChange } from '@postern/shared/protocol/policy-replay';
import type { Instant } from '@postern/shared/time';
import { type DeviceFacts, subjectOf } from '../devices/index.ts';
import { concernsSubject } from '../policy/index.ts';
import type { RuleFinding } from '../policy/types.ts';
import type { Comparison } from './comparison.ts';
import { type Attested, type Failing, isUncollected, type Outlook } from './outlook.ts';
import { type ExceptionEnd, project, type Projection } from './project.ts';

/** What a person who would be blocked by a rule may do about it. */
export type Escape = 'may-ask' | 'not-in-group' | 'not-allowed';

export interface ReplayedRule extends Failing {
  escape: Escape;
  /** It does not block as things stand, or not so soon. */
  isWorse: boolean;
}

/** What changes for one resource; null is the device as such. */
export interface ResourceChange {
  resource: string | null;
  change: ReplayChange;
  /** With the draft. */
  blockedAt: Instant | null;
  /** As things stand. */
  currentlyBlockedAt: Instant | null;
  covered: boolean;
  /** What fails with the draft, soonest first; with `freed` and `relieved` what failed before. */
  rules: readonly ReplayedRule[];
  /** What newly warns. */
  warned: readonly RuleFinding[];
}

/** An exception that holds as things stand and would not with the draft, or would not be needed. */
export interface ExceptionEffect {
  id: string;
  effect: 'void' | 'moot';
  /** For people. */
  sentence: string;
}

/** What the draft means for one device. */
export interface DeviceReplay {
  /** Why there is nothing to judge; null where there is. */
  skipped: 'never-attested' | 'quarantined' | 'owner-inactive' | null;
  /** Whether the draft is for this person on this device at all. */
  applies: boolean;
  /** The most severe over all resources; null where nothing changes. */
  change: ReplayChange | null;
  /** Soonest of the resources with that change. */
  blockedAt: Instant | null;
  changes: readonly ResourceChange[];
  exceptions: readonly ExceptionEffect[];
  /** The device as such, now: before and with the draft. */
  standing: { before: Standing; after: Standing } | null;
  /** The last report is too old as things stand. */
  stale: boolean;
  /** What each rule of the draft finds now. */
  findings: readonly { finding: RuleFinding; uncollected: boolean }[];
}

export type Standing = 'blocked' | 'grace' | 'warned' | 'fine';

/** From the most severe down. */
const order: readonly ReplayChange[] = [
  'newly-blocked',
  'blocked-sooner',
  'newly-stale',
  'newly-warned',
  'freed',
  'relieved',
  'exceptions-only',
];

const nothing = {
  change: null,
  blockedAt: null,
  changes: [],
  exceptions: [],
  standing: null,
  stale: false,
  findings: [],
} as const;

/**
 * What would become of a device, were the draft published now and the device to go on reporting what it reported last.
 * Pure.
 */
export function replayDevice(facts: DeviceFacts, comparison: Comparison, now: Instant): DeviceReplay {
  const { draftPolicy, resources } = comparison;
  const applies = concernsSubject(draftPolicy.document.applies_to, subjectOf(facts));
  if (facts.quarantine !== null) return { ...nothing, applies, skipped: 'quarantined' };
  if (!facts.owner.active) return { ...nothing, applies, skipped: 'owner-inactive' };
  if (!hasAttested(facts)) return { ...nothing, applies, skipped: 'never-attested' };

  const { before, after } = project(facts, comparison, now);
  const changes = resources.flatMap((resource, index): ResourceChange[] => {
    const was = before.outlooks[index];
    const will = after.outlooks[index];
    if (was === undefined || will === undefined) return [];
    const change = changeBetween(was, will, now);
    return change === null ? [] : [describe(resource, change, was, will, facts)];
  });
  const exceptions = effectsOf(before, after);
  const change = order.find((each) => changes.some((one) => one.change === each));
  const times = changes.filter((one) => one.change === change).flatMap(({ blockedAt }) => blockedAt ?? []);
  const device = { was: before.outlooks[0], will: after.outlooks[0] };
  return {
    skipped: null,
    applies,
    change: change ?? (exceptions.length > 0 ? 'exceptions-only' : null),
    blockedAt: times.length === 0 ? null : Math.min(...times),
    changes,
    exceptions,
    standing:
      device.was === undefined || device.will === undefined
        ? null
        : { before: standingOf(device.was, now), after: standingOf(device.will, now) },
    stale: device.was?.stale ?? false,
    findings: after.findings.map((finding) => ({
      finding,
      uncollected: isUncollected(finding, facts, facts.posture.readings, comparison),
    })),
  };
}

function hasAttested(facts: DeviceFacts): facts is Attested {
  return facts.posture !== null && facts.evidence !== null;
}

function changeBetween(was: Outlook, will: Outlook, now: Instant): ReplayChange | null {
  const before = was.blockedAt ?? Infinity;
  const after = will.blockedAt ?? Infinity;
  if (after < before) return before === Infinity || after <= now ? 'newly-blocked' : 'blocked-sooner';
  if (after > before) return before <= now ? 'freed' : 'relieved';
  if (will.stale && !was.stale && after > now) return 'newly-stale';
  return newWarnings(was, will).length > 0 && after === Infinity ? 'newly-warned' : null;
}

function newWarnings(was: Outlook, will: Outlook): RuleFinding[] {
  const known = new Set(was.warned.map(({ rule }) => rule.reference));
  return will.warned.filter(({ rule }) => !known.has(rule.reference));
}

function describe(
  resource: string | null,
  change: ReplayChange,
  was: Outlook,
  will: Outlook,
  { owner }: DeviceFacts,
): ResourceChange {
  const told = change === 'freed' || change === 'relieved' ? was : will;
  const before = new Map(was.failing.map(({ finding, blocksAt }) => [finding.rule.reference, blocksAt]));
  return {
    resource,
    change,
    blockedAt: will.blockedAt,
    currentlyBlockedAt: was.blockedAt,
    covered: will.covered,
    rules: told.failing.map(({ finding, since, blocksAt }) => ({
      finding,
      since,
      blocksAt,
      escape: escapeOf(finding, owner.groups),
      isWorse: blocksAt < (before.get(finding.rule.reference) ?? Infinity),
    })),
    warned: newWarnings(was, will),
  };
}

function escapeOf({ rule: { exceptions } }: RuleFinding, groups: readonly string[]): Escape {
  if (exceptions === null) return 'not-allowed';
  return exceptions.groups === null || exceptions.groups.some((group) => groups.includes(group))
    ? 'may-ask'
    : 'not-in-group';
}

function standingOf({ blockedAt, warned }: Outlook, now: Instant): Standing {
  if (blockedAt !== null) return blockedAt <= now ? 'blocked' : 'grace';
  return warned.length > 0 ? 'warned' : 'fine';
}

function effectsOf(before: Projection, after: Projection): ExceptionEffect[] {
  const already = new Set(before.ended.map(({ exception }) => exception.id));
  const effects = after.ended
    .filter(({ exception }) => !already.has(exception.id))
    .map(({ exception, cause }) => effect(exception.id, cause));
  const used = (side: Projection) => new Set(side.outlooks.flatMap(({ excepted }) => excepted));
  const stillUsed = used(after);
  for (const id of used(before)) {
    if (stillUsed.has(id) || effects.some((each) => each.id === id)) continue;
    effects.push({ id, effect: 'moot', sentence: 'What it excepts would not stand in the way any more.' });
  }
  return effects;
}

function effect(id: string, cause: ExceptionEnd['cause']): ExceptionEffect {
  return cause === null
    ? { id, effect: 'moot', sentence: 'Every rule of it would pass.' }
    : { id, effect: 'void', sentence: cause.sentence };
}
