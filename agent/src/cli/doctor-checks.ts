import { findCheck } from '@postern/shared/checks/catalogue';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import type { Reading, UnknownReason } from '@postern/shared/protocol/reading';
import { checksOf } from '../plan.ts';
import { isSaving, type Power } from '../service/power/index.ts';
import type { AgentState } from '../state/state.ts';
import { type Diagnosis, ok } from './diagnosis.ts';

/** What saving power means for reporting. */
export function diagnosePower(power: Power): Diagnosis {
  if (power.onBattery === null && power.saver === null)
    return ok('Power', 'The system does not say whether the machine runs on battery or saves power.');
  const from = { true: 'on battery', false: 'at the mains', null: 'from a source that the system does not name' };
  const source = `The machine runs ${from[`${power.onBattery}`]}`;
  if (power.saver === null) return ok('Power', `${source}. Whether it saves power, the system does not say.`);
  if (!isSaving(power))
    return ok('Power', `${source}, and does not save power: it reports as often as it is asked to.`);
  return {
    about: 'Power',
    result: 'note',
    sentence: `${source} and saves power: it does not look for changes, and reports only as often as access needs it.`,
    advice: 'To report now: postern-agent attest',
  };
}

/** What is asked for and what is not. */
export function diagnosePlan(plan: CollectionPlan | null): Diagnosis {
  if (plan === null) {
    return {
      about: 'Plan',
      result: 'note',
      sentence: 'The backend has not said yet what it asks for. Until it does, only the version of the system is sent.',
      advice: 'Report once: postern-agent attest',
    };
  }
  const checks = checksOf(plan);
  const skipped = plan.checks.filter((id) => findCheck(id) === undefined).length;
  const unknownHere = skipped === 0 ? '' : ` ${skipped} more are asked for that this agent does not know.`;
  const identifiers = !checks.includes('identifiers')
    ? ''
    : ` Hardware identifiers are sent ${plan.identifierKey === null ? 'as they are' : 'as hashes under a key'}.`;
  return {
    about: 'Plan',
    result: skipped === 0 ? 'ok' : 'note',
    sentence: `The policies use ${checks.length === 0 ? 'no readings' : checks.join(', ')}. Nothing else is sent.${unknownHere}${identifiers}`,
    advice: skipped === 0 ? null : 'Update the agent.',
  };
}

const advices: Readonly<Record<UnknownReason, string | null>> = {
  'tool-absent': 'Install it, or tell whoever writes the policy that this machine does without.',
  'permission-denied':
    'Run the agent as a service with the rights to read this; run as an ordinary user it cannot know.',
  refused: 'The system refused the question. Allow it in its privacy settings, or run the agent as a service.',
  'timed-out': 'Try again: postern-agent check. If it stays so, the tool behind it hangs.',
  'output-unreadable': 'This version of the tool answers in a form that the agent does not know. Please report it.',
  'not-in-user-session': 'Run the agent in the session of the person who works here.',
  // Its own sentence says what would help, and nothing general does.
  'no-data': null,
  failed: 'Please report it, with this output.',
};

/** Why a check has no answer, how it was read, whether a policy minds, and what to do. */
export function diagnoseReading(id: string, reading: Reading, state: AgentState | undefined): Diagnosis[] {
  if (reading.status !== 'unknown') return [];
  const about = findCheck(id)?.title ?? id;
  const counts =
    state === undefined ? '' : checksOf(state.plan).includes(id) ? ' A policy uses it.' : ' No policy uses it.';
  return [
    {
      about,
      result: 'note',
      sentence: `Could not check (${reading.reason}): ${reading.detail} It was read by ${reading.method}, as ${reading.privilege === 'root' ? 'root' : 'an ordinary user'}.${counts}`,
      advice: advices[reading.reason],
    },
  ];
}
