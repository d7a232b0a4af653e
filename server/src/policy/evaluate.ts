import { EvaluationError } from '@marcbachmann/cel-js';
import type { Platform } from '@postern/shared/checks/define';
import type { PolicyRule } from '@postern/shared/protocol/policy';
import type { Reading, Readings, UnknownReason, UnsupportedReason } from '@postern/shared/protocol/reading';
import type { Instant } from '@postern/shared/time';
import { describeValue, plainLine } from './describe-value.ts';
import type { CompiledPolicy, CompiledRule, FailingSince, RuleFinding } from './types.ts';

interface Evidence {
  policies: readonly CompiledPolicy[];
  readings: Readings;
  platform: Platform;
  /** What is remembered of the device so far: an answer that is missing after a failure is no way out of it. */
  failingSince: FailingSince;
  now: Instant;
}

/**
 * What each rule gives that applies to a device and a resource, before deadlines and exceptions. Never throws: what
 * cannot be evaluated is unknown, with the reason.
 *
 * @param evidence.resource what access is asked for; null for the device as such: policies for certain resources are then left out
 */
export function evaluate(evidence: Evidence & { resource: string | null }): RuleFinding[] {
  const { resource } = evidence;
  return findingsOf(
    evidence,
    ({ resources }) => resources === undefined || (resource !== null && resources.includes(resource)),
  );
}

/**
 * The same over every policy of the platform, whatever resource it is for. Deadlines and the ends of exceptions are
 * kept by this: a rule for one resource fails from the first attestation on that shows it, not from the first request.
 */
export function evaluateAll(evidence: Evidence): RuleFinding[] {
  return findingsOf(evidence, () => true);
}

type Scope = CompiledPolicy['document']['applies_to'];

function findingsOf(evidence: Evidence, concerns: (scope: Scope) => boolean): RuleFinding[] {
  return evidence.policies
    .filter(({ document }) => document.applies_to.platforms?.includes(evidence.platform) ?? true)
    .filter(({ document }) => concerns(document.applies_to))
    .flatMap((policy) => policy.rules.map((rule) => findingOf(policy, rule, evidence)));
}

function findingOf(policy: CompiledPolicy, rule: CompiledRule, evidence: Evidence): RuleFinding {
  const { readings, platform, failingSince, now } = evidence;
  const finding = { policy, rule, platform, observed: null, value: null, reason: null, unanswered: null };
  const { check, platforms, on_unknown: onUnknown, on_unsupported: onUnsupported } = rule.document;
  if (platforms !== undefined && !platforms.includes(platform)) {
    return { ...finding, outcome: 'not-applicable', reason: `The rule is for ${platforms.join(' and ')} only.` };
  }
  const seenFailing = failingSince[rule.reference]?.failed === true;
  const reading = Object.hasOwn(readings, check) ? readings[check] : undefined;
  if (reading === undefined) {
    const reason = 'The device did not report this. Check again, or update the agent.';
    return { ...finding, ...withoutAnswer(onUnknown, reason, seenFailing) };
  }
  switch (reading.status) {
    case 'ok': {
      const seen = { ...finding, value: reading.value, observed: describeValue(reading.value) };
      try {
        return { ...seen, outcome: rule.passes(reading.value, platform, now) ? 'pass' : 'fail' };
      } catch (error) {
        return { ...seen, ...withoutAnswer(onUnknown, insufficient(error), seenFailing) };
      }
    }
    case 'unsupported': {
      const why = sentence(unsupportedSentences[reading.reason], reading);
      if (!isAbsence(reading.reason)) return { ...finding, ...withoutAnswer(onUnknown, why, seenFailing) };
      const doubt = onUnsupported === 'skip' ? '' : ' Only the device says so, and the policy wants to see it.';
      return { ...finding, ...withoutAnswer(onUnsupported, `${why}${doubt}`, seenFailing) };
    }
    case 'unknown':
      return {
        ...finding,
        ...withoutAnswer(onUnknown, sentence(unknownSentences[reading.reason], reading), seenFailing),
      };
  }
}

/** Whether there is nothing to look at. In a container or another edition there is something, only not for the agent. */
function isAbsence(reason: UnsupportedReason): boolean {
  return reason === 'platform' || reason === 'hardware-absent';
}

/** `not-applicable` is said only where nothing follows from it: what warns or blocks is unknown. */
function withoutAnswer(
  taken: PolicyRule['on_unknown' | 'on_unsupported'],
  reason: string,
  seenFailing: boolean,
): Pick<RuleFinding, 'outcome' | 'unanswered' | 'reason'> {
  if (!seenFailing) return { outcome: taken === 'skip' ? 'not-applicable' : 'unknown', unanswered: taken, reason };
  return {
    outcome: 'unknown',
    unanswered: 'block',
    reason: `${reason} It was last seen failing, and counts as failing until it is seen to pass.`,
  };
}

const unknownSentences: Readonly<Record<UnknownReason, string>> = {
  'tool-absent': 'The program that tells this is not installed on the device.',
  'permission-denied': 'The agent may not read this: it lacks the permission.',
  refused: 'The system refused to tell.',
  'timed-out': 'The system did not answer in time. Check again.',
  'output-unreadable': 'The system answered in a form that the agent does not know. Update the agent.',
  'not-in-user-session': 'This can be read only while somebody is signed in at the device.',
  'no-data': 'The system has no information about this yet.',
  failed: 'Reading it failed. Check again.',
};

const unsupportedSentences: Readonly<Record<UnsupportedReason, string>> = {
  platform: 'This does not exist on this system.',
  container: 'The device is a container or a subsystem; its host decides this.',
  'hardware-absent': 'The device does not have the hardware for it.',
  edition: 'This edition of the system does not have it.',
};

function sentence(said: string | undefined, { detail }: Extract<Reading, { detail: string }>): string {
  const own = plainLine(detail, 200);
  return [said ?? 'The device gave no reason.', ...(own === '' ? [] : [`(${own})`])].join(' ');
}

function insufficient(error: unknown): string {
  const cause = error instanceof EvaluationError ? ` (${plainLine(error.summary, 120)})` : '';
  return `What the device reported is not enough to decide this${cause}.`;
}
