import type { ReplayChange } from '@postern/shared/protocol/policy-replay';

/** From the most severe down, as the protocol lists them. */
export const changes: readonly ReplayChange[] = [
  'newly-blocked',
  'blocked-sooner',
  'newly-stale',
  'newly-warned',
  'freed',
  'relieved',
  'exceptions-only',
];
