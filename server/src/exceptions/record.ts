import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { ObservedRule, RuleReference } from '../policy/types.ts';
import type { Database } from '../storage/database.ts';

export interface Decision {
  actorId: string;
  verdict: 'approve' | 'deny';
}

/** An exception as the state machine sees it. */
export interface ExceptionRecord {
  id: string;
  /** As stored. What it is at an instant says effectiveState. */
  state: ExceptionState;
  personId: string;
  requestedBy: string;
  deviceId: string;
  jkt: string;
  rules: readonly RuleReference[];
  resources: readonly string[];
  observed: Readonly<Record<RuleReference, ObservedRule>>;
  durationMs: number;
  requestHash: string;
  approvalsNeeded: number;
  extendsId: string | null;
  requestedAt: Instant;
  lapsesAt: Instant;
  approvedAt: Instant | null;
  expiresAt: Instant | null;
  endedAt: Instant | null;
  decisions: readonly Decision[];
  version: number;
}

type ExceptionRow = Database['exceptions'];
type DecisionRow = Database['exception_decisions'];

export function recordOf(row: ExceptionRow, decisions: readonly DecisionRow[]): ExceptionRecord {
  return {
    id: row.id,
    state: row.state as ExceptionState,
    personId: row.person_id,
    requestedBy: row.requested_by,
    deviceId: row.device_id,
    jkt: row.jkt,
    rules: JSON.parse(row.rules) as string[],
    resources: JSON.parse(row.resources) as string[],
    observed: JSON.parse(row.observed) as Record<string, ObservedRule>,
    durationMs: row.duration_ms,
    requestHash: row.request_hash,
    approvalsNeeded: row.approvals_needed,
    extendsId: row.extends_id,
    requestedAt: row.requested_at,
    lapsesAt: row.lapses_at,
    approvedAt: row.approved_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    decisions: decisions
      .filter((decision) => decision.exception_id === row.id)
      .map((decision) => ({
        actorId: decision.actor_id,
        verdict: decision.verdict === 'approve' ? 'approve' : 'deny',
      })),
    version: row.version,
  };
}
