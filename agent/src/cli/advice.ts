import { sayDuration } from '@postern/shared/time';
import type { BackendRefusal } from '../backend/faults.ts';
import { plain } from './plain.ts';

// What the backend's sentence cannot say, because it does not know this program.
const advices: Readonly<Record<string, string>> = {
  key_already_enrolled:
    'An earlier enrollment of this machine reached the backend, and it cannot go on from there. Ask an admin to retire that device, then: postern-agent forget --yes, and enroll again.',
  evidence_stale: 'Report now: postern-agent attest',
  never_attested: 'Report now: postern-agent attest',
  device_unknown: 'If the device was removed there: postern-agent forget --yes, and enroll again.',
  // The backend does not tell a device that it does not have from one that has another key.
  assertion_foreign_key: 'If the device was removed there: postern-agent forget --yes, and enroll again.',
  device_retired: 'To enroll it again: postern-agent forget --yes, then postern-agent enroll URL',
  access_required: 'See what you may ask for: postern-agent access',
  access_not_offered: 'See what you may ask for, and in which roles: postern-agent access',
  step_up_invalid: 'Wait for the next code of your authenticator app: none is good twice.',
  exception_rule_unknown: 'The rules of this device by name, as policy/rule: postern-agent status --json',
  exception_not_longer: 'Ask for longer with --for. To end what you have now: postern-agent relinquish ID',
  exception_overlaps: 'See it: postern-agent status, or postern-agent access. For more time: postern-agent extend ID',
  not_found:
    'If you named an id, those of yours are shown by postern-agent status --history, and postern-agent access.',
  exception_state: 'See where it stands: postern-agent status --history',
  exception_too_many: 'Take back what you do not need: postern-agent status, then postern-agent withdraw ID',
  resource_unknown: 'Name it as its gateway is registered; an admin knows how.',
  template_unknown: 'See those that are for you: postern-agent templates',
  template_not_for_you: 'See those that are for you, and what each takes: postern-agent templates',
  reason_code_required: 'See what each means: postern-agent templates NAME',
  ticket_required: 'Name it with --ticket.',
};

/** What to do about a refusal, in lines; none where its sentence says it. */
export function adviceOn({ code, answer, retryAfterMs }: BackendRefusal): string[] {
  const { exception, state } = answer;
  const advice = Object.hasOwn(advices, code) ? advices[code] : undefined;
  return [
    ...(code === 'step_up_required' ? [proofs(answer['step_up'])] : []),
    ...(code === 'step_up_locked' && retryAfterMs !== null ? [`Codes do again in ${sayDuration(retryAfterMs)}.`] : []),
    ...(typeof exception === 'string' ? [`It is ${plain(exception)}.`] : []),
    ...(code === 'exception_state' && typeof state === 'string' ? [`It is ${plain(state)}.`] : []),
    ...(advice === undefined ? [] : [advice]),
  ];
}

/** An agent reaches no passkey and no sign-in: only codes come from here. */
function proofs(ways: unknown): string {
  return Array.isArray(ways) && ways.includes('code')
    ? 'Send the code of your authenticator app with --code, or ask in the console.'
    : 'Ask in the console: a passkey does there. With an authenticator app, which you add there too, --code may do here.';
}
