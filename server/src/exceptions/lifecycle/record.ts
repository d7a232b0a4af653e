import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { ExceptionFacts } from '../../policy/types.ts';
import type { ApprovalPlan } from '../plan/approval-plan.ts';

export interface Decision {
  actorId: string;
  verdict: 'approve' | 'deny';
  /** As they are now: whom a stage asks for is asked of who they are, not of who they were. */
  groups: readonly string[];
  /** False once whoever decided may decide no more: a vote is worth what its voter is. */
  counts: boolean;
  /** Is an approver or an admin. Somebody else counts only as the manager, where a stage asks for them. */
  isDecider: boolean;
}

/** What was said with a request. */
export interface Said {
  justification: string;
  ticket: string | null;
  /** One of those that the template names. */
  reasonCode: string | null;
}

/** An exception as the state machine sees it. */
export interface ExceptionRecord extends ExceptionFacts {
  /** As stored. What it is at an instant says effectiveState. */
  state: ExceptionState;
  requestedBy: string;
  /** The manager of the person whom it is for, as they are now; null: nobody. */
  managerId: string | null;
  said: Said;
  /** Those that were asked for together share one. */
  setId: string | null;
  emergency: boolean;
  /** When it is to begin; null: with the approval, or the first use. */
  startsAt: Instant | null;
  plan: ApprovalPlan;
  requestHash: string;
  approvalsNeeded: number;
  extendsId: string | null;
  /** What it extends, as stored. */
  extended: { state: ExceptionState; endedAt: Instant | null } | null;
  requestedAt: Instant;
  lapsesAt: Instant;
  decisions: readonly Decision[];
  version: number;
}
