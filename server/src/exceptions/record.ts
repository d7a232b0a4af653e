import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { ExceptionFacts } from '../policy/types.ts';

export interface Decision {
  actorId: string;
  verdict: 'approve' | 'deny';
  /** False once whoever decided may decide no more: a vote is worth what its voter is. */
  counts: boolean;
}

/** An exception as the state machine sees it. */
export interface ExceptionRecord extends ExceptionFacts {
  /** As stored. What it is at an instant says effectiveState. */
  state: ExceptionState;
  requestedBy: string;
  durationMs: number;
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
