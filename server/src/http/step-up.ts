import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute, second } from '@postern/shared/time';
import type { PersonCaller } from './caller.ts';

/** How recently somebody must have proved who they are for what needs it. */
const stepUpMaxAgeMs = 5 * minute;

/** Whether the caller proved lately who they are. A time to come is no better than one long past: a clock is wrong. */
export function hasSteppedUp({ authenticatedAt }: Pick<PersonCaller, 'authenticatedAt'>, now: Instant): boolean {
  return Math.abs(now - authenticatedAt) <= stepUpMaxAgeMs;
}

/** The refusal, with the age that would do in seconds, as RFC 9470 section 3 names it. */
export function stepUpRequired(): Fault {
  return new Fault('step_up_required', { members: { max_age: stepUpMaxAgeMs / second } });
}
