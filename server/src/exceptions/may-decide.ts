import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { Decider } from './decider.ts';
import type { ExceptionRecord } from './record.ts';
import { isEligible, tally } from './tally.ts';

interface Deciding extends Decider {
  /** Who has the device now. */
  ownerId: string;
  requestHash?: string | undefined;
}

/**
 * Why somebody may not decide a request that waits; undefined when they may. Nobody decides what they asked for, what was
 * asked for them, or for their own device: no role changes that. To approve they must be of the people whom the stage
 * asks for that is open; every approver may deny, at any stage.
 */
export function decidingRefusal(
  record: ExceptionRecord,
  event: Deciding,
  { toApprove } = { toApprove: false },
): ErrorCode | undefined {
  const { by, isDecider, groups } = event;
  const { plan, decisions, managerId } = record;
  if (!isDecider && !(by === managerId && plan.stages.some(({ manager }) => manager))) return 'not_allowed';
  if (by === record.requestedBy || by === record.personId || by === event.ownerId) return 'self_approval';
  if (decisions.some(({ actorId }) => actorId === by)) return 'already_decided';
  if (event.requestHash !== undefined && event.requestHash !== record.requestHash) return 'exception_changed';
  const { open } = tally(plan.stages, decisions, managerId);
  const stage = open === null ? undefined : plan.stages[open];
  const vote = { actorId: by, groups, isDecider, counts: true };
  // With enough votes already (somebody who had left is back), any approver's completes it.
  const isTheirs = stage === undefined ? isDecider : isEligible(stage, vote, managerId);
  if (isTheirs || (isDecider && !toApprove)) return undefined;
  return 'approval_not_yours';
}

/** Whether somebody other than its person may end what was granted. */
export function mayRevoke(record: ExceptionRecord, { by, groups, isDecider }: Decider): boolean {
  return isDecider || by === record.managerId || record.plan.operators.some((group) => groups.includes(group));
}
