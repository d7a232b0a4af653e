import type { Readings } from '@postern/shared/protocol/reading';
import type { Instant } from '@postern/shared/time';
import { type Flips, holdReadings, type Rulebook, type Subject } from '../policy/index.ts';
import type { DeviceFacts } from './facts.ts';

/** Whom and what policies see when they judge a device. */
export function subjectOf({ platform, ownership, keyProtection, owner }: DeviceFacts): Subject {
  return { platform, ownership, keyProtection, person: { id: owner.id, email: owner.email, groups: owner.groups } };
}

/** The readings of a device as they are to be judged now, with those that a brake holds put back. */
export function judgedReadings(
  { platform }: Pick<DeviceFacts, 'platform'>,
  posture: { readings: Readings; flips: Flips; build: string | null },
  { brakes }: Pick<Rulebook, 'brakes'>,
  now: Instant,
) {
  return holdReadings(posture.readings, posture.flips, { platform, build: posture.build }, brakes, now);
}
