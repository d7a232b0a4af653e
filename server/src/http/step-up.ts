import { Fault } from '@postern/shared/protocol/errors';
import type { StepUpLevel, StepUpWay } from '@postern/shared/protocol/step-up';
import { type Instant, minute, second } from '@postern/shared/time';
import type { PersonCaller } from './caller.ts';

/** How recently somebody must have proved who they are for what needs it. */
const stepUpMaxAgeMs = 5 * minute;

/** Whether the caller proved lately who they are. A time to come is no better than one long past: a clock is wrong. */
export function hasSteppedUp({ authenticatedAt }: Pick<PersonCaller, 'authenticatedAt'>, now: Instant): boolean {
  return Math.abs(now - authenticatedAt) <= stepUpMaxAgeMs;
}

/**
 * The refusal, with the ways that would do. Where a sign-in is one of them it says how old that may be, in seconds, as
 * RFC 9470 section 3 names it.
 */
export function stepUpRequired(level: StepUpLevel = 'recent', ways: readonly StepUpWay[] = ['sign-in']): Fault {
  const age = ways.includes('sign-in') ? { max_age: stepUpMaxAgeMs / second } : {};
  return new Fault('step_up_required', { members: { step_up: ways, level, ...age } });
}
