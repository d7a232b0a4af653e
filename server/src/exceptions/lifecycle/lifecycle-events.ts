import type { RuleReference } from '../../policy/types.ts';
import type { Decider } from '../deciding/decider.ts';
import type { ExceptionRecord } from './record.ts';

/** What an approver decides on: who they are, what they saw, and what they cut. */
export interface Approval extends Decider {
  kind: 'approve';
  /** Of the device, now. */
  ownerId: string;
  requestHash?: string | undefined;
  durationMs?: number | undefined;
  rules?: readonly RuleReference[] | undefined;
  resources?: readonly string[] | undefined;
}

/** A request in the place of the one that waits, whole, with its new hash and what it takes. */
export interface Edit extends Pick<
  ExceptionRecord,
  'rules' | 'resources' | 'durationMs' | 'startsAt' | 'observed' | 'said' | 'plan' | 'requestHash'
> {
  kind: 'edit';
  by: string;
}

/** What is done to an exception. What time does to it, endedByTime says; what evidence does, policy/waive.ts. */
export type ExceptionEvent =
  | Approval
  | (Decider & { kind: 'deny'; ownerId: string; requestHash?: string | undefined })
  | (Decider & { kind: 'revoke' })
  | Edit
  | { kind: 'withdraw'; by: string }
  | { kind: 'relinquish'; by: string }
  /** A condition of the template approves it, without a person. */
  | { kind: 'auto-approve' }
  /** Begins without approval, under a template for emergencies. */
  | { kind: 'emergency-use' }
  /** The first use of what waits for it. */
  | { kind: 'begin' }
  | { kind: 'supersede' };
