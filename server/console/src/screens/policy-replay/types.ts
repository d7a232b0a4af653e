import type { z } from 'zod';
import type { replayedDeviceSchema, ReplayChange, ReplaySummary } from '@postern/shared/protocol/policy-replay';

export type ReplayedDevice = z.output<typeof replayedDeviceSchema>;
export type Summary = ReplaySummary;
export type Change = ReplayChange;

/** From the most severe down, as the protocol lists them. */
export const changes: readonly Change[] = [
  'newly-blocked',
  'blocked-sooner',
  'newly-stale',
  'newly-warned',
  'freed',
  'relieved',
  'exceptions-only',
];
