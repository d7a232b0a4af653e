import type { Instant } from '@postern/shared/time';

/** For whom a token is: the device itself, or the person who is at it, for whom the device then acts. */
export type Subject = { kind: 'device' } | PersonSubject;

export interface PersonSubject {
  kind: 'person';
  id: string;
  /** When they last proved who they are. */
  authenticatedAt: Instant;
  /** When what they showed ends: no token outlives it. */
  until: Instant;
  /** How they showed it, for the audit. */
  shown: 'id-token' | 'sign-in' | 'device-code';
}
