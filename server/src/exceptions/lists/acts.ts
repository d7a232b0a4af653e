import { Fault } from '@postern/shared/protocol/errors';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { ExceptionAct, May } from '@postern/shared/protocol/evidence';
import type { Instant } from '@postern/shared/time';
import type { Decider } from '../deciding/decider.ts';
import { effectiveState } from '../lifecycle/lifecycle.ts';
import { decidingRefusal, mayRevoke } from '../lifecycle/may-decide.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/**
 * What somebody may do about an exception now, by the same rules that refuse it when they do. What only turns out when it is
 * done (a template that has changed, a device that got worse) is the impact's to say. Pure.
 *
 * @param ownerId whose device it is now
 */
export function actsOf(
  record: ExceptionRecord,
  decider: Decider,
  ownerId: string,
  now: Instant,
): Record<ExceptionAct, May> {
  const state = effectiveState(record, now);
  const { by } = decider;
  const isTheirs = by === record.personId;
  const isOwn = isTheirs || by === record.requestedBy;
  const waiting = (refusal: ErrorCode | undefined) => may(state === 'pending' ? refusal : 'exception_state');
  const isGranted = state === 'active' || state === 'approved' || state === 'scheduled';
  const deciding = { ...decider, ownerId };
  return {
    approve: waiting(decidingRefusal(record, deciding, { toApprove: true })),
    deny: waiting(decidingRefusal(record, deciding)),
    withdraw: waiting(isOwn ? undefined : 'not_allowed'),
    edit: waiting(isOwn ? undefined : 'not_allowed'),
    revoke: may(!isGranted ? 'exception_state' : isTheirs || mayRevoke(record, decider) ? undefined : 'not_allowed'),
    extend: may(
      !isTheirs
        ? 'not_allowed'
        : state !== 'active'
          ? 'exception_state'
          : record.emergency
            ? 'exception_not_allowed'
            : undefined,
    ),
  };
}

function may(refusal: ErrorCode | undefined): May {
  if (refusal === undefined) return { may: true, code: null, sentence: null };
  return { may: false, code: refusal, sentence: new Fault(refusal).message };
}
