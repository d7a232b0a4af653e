import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { Decider } from '../deciding/decider.ts';
import type { Decision, ExceptionRecord } from './record.ts';
import { managerAsked, tally } from './tally.ts';

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
  const vote: Decision = { actorId: by, verdict: 'approve', groups, isDecider, counts: true };
  const asked = managerAsked(record);
  const { open, given } = tally(plan.stages, decisions, asked);
  const { given: then } = tally(plan.stages, [...decisions, vote], asked);
  // With enough votes already (somebody who had left is back), any approver's completes it. Else the open stage has to have one
  // more with theirs, be it that theirs sets free another that the stage can use.
  const isTheirs = open === null ? isDecider : (then[open] ?? 0) > (given[open] ?? 0);
  if (isTheirs || (isDecider && !toApprove)) return undefined;
  return 'approval_not_yours';
}

/** Whether somebody other than its person may end what was granted. */
export function mayRevoke(record: ExceptionRecord, { by, groups, isDecider }: Decider): boolean {
  return isDecider || by === record.managerId || record.plan.operators.some((group) => groups.includes(group));
}
