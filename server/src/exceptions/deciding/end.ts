import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { Unit } from '../../storage/store.ts';
import { endingChanges, type VoteChannel, voteChange } from '../changes.ts';
import { apply, decide } from './decide.ts';
import { readDecider } from './decider.ts';
import { endingEvent, isEnd } from '../events.ts';
import type { ExceptionEvent } from '../lifecycle/lifecycle.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

type EndDeps = Pick<Deps, 'store'>;

interface Ending {
  id: string;
  by: string;
  reason?: string | undefined;
}

/**
 * Denies a request. One denial ends it.
 *
 * @throws Fault not_found, not_allowed, self_approval, approval_not_yours, already_decided, exception_changed,
 *   exception_state, conflict
 */
export async function denyException(
  deps: EndDeps,
  denying: Ending & { requestHash?: string | undefined; channel?: VoteChannel },
  now: Instant,
): Promise<void> {
  const { id, by, reason, requestHash, channel = 'api' } = denying;
  await decide(deps, { id, by, kind: 'deny' }, now, async (record, facts) => {
    const decider = await readDecider(deps.store.read, by);
    const ended = endedBy(record, { kind: 'deny', ...decider, ownerId: facts.owner.id, requestHash }, denying, now);
    return { ...ended, changes: [voteChange(record, { by, verdict: 'deny', reason, channel }, now), ...ended.changes] };
  });
}

/**
 * Ends what was granted, begun or not (revoke: by an approver, the person's manager or who the template names; relinquish:
 * by its person), or a request before it is decided (withdraw: by whoever asked or whom it is for).
 *
 * @param ending.deviceId the device that its person speaks through, who then hears of no other's exceptions
 * @throws Fault not_found, not_allowed, exception_state, conflict
 */
export async function endException(
  deps: EndDeps,
  kind: 'revoke' | 'relinquish' | 'withdraw',
  ending: Ending & { deviceId?: string | undefined },
  now: Instant,
): Promise<void> {
  const { id, by, deviceId } = ending;
  await decide(deps, { id, by, kind }, now, async (record) => {
    if (deviceId !== undefined && (record.deviceId !== deviceId || record.personId !== by))
      throw new Fault('not_found');
    const event = kind === 'revoke' ? { kind, ...(await readDecider(deps.store.read, by)) } : ({ kind, by } as const);
    return endedBy(record, event, ending, now);
  });
}

function endedBy(record: ExceptionRecord, event: ExceptionEvent, { by, reason }: Ending, now: Instant): Unit {
  const { state } = apply(record, event, now);
  if (!isEnd(state)) throw new TypeError(`${event.kind} does not end an exception`);
  return {
    changes: endingChanges(record, { state, at: now, by, reason: reason ?? null }),
    audit: [endingEvent(state, record, now, { kind: 'person', id: by }, { text: reason })],
  };
}
