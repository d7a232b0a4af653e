import { EvaluationError } from '@marcbachmann/cel-js';
import type { PolicyRule } from '@postern/shared/protocol/policy';
import type { Reading, UnknownReason, UnsupportedReason } from '@postern/shared/protocol/reading';
import { plainLine } from './describe-value.ts';
import type { RuleFinding } from './types.ts';

/** How a missing answer is taken. `not-applicable` is said only where nothing follows from it: what warns or blocks is unknown. */
export function withoutAnswer(
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

/** Whether there is nothing to look at. In a container or another edition there is something, only not for the agent. */
export function isAbsence(reason: UnsupportedReason): boolean {
  return reason === 'platform' || reason === 'hardware-absent';
}

export const notReported = 'The device did not report this. Check again, or update the agent.';

export function notLookedAt(path: string): string {
  return `The device has not looked at ${plainLine(path, 200)} yet. Check again, or update the agent.`;
}

export function whyUnknown(reading: Extract<Reading, { status: 'unknown' }>): string {
  return sentence(unknownSentences[reading.reason], reading);
}

export function whyUnsupported(reading: Extract<Reading, { status: 'unsupported' }>): string {
  return sentence(unsupportedSentences[reading.reason], reading);
}

/** There is a value, and the expression cannot be evaluated over it. */
export function tooLittle(error: unknown): string {
  const cause = error instanceof EvaluationError ? ` (${plainLine(error.summary, 120)})` : '';
  return `What the device reported is not enough to decide this${cause}.`;
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
