import type { Instant } from '@postern/shared/time';
import { type AuditEvent, systemActor } from '../audit/event.ts';
import type { DeviceFacts } from '../devices/index.ts';
import { isLive, isResolved, voidCause } from '../policy/index.ts';
import type { ExceptionFacts, RuleFinding } from '../policy/types.ts';
import type { Change } from '../storage/change.ts';
import { endingChanges, endingEvent } from './changes.ts';

interface Ended {
  exception: ExceptionFacts;
  state: 'resolved' | 'voided';
  reason: string;
}

/**
 * What new evidence does to the exceptions of a device: those whose rules all pass now are resolved, those
 * that do not cover what is there now are voided. What time has ended is left to the sweeper to announce.
 * Pure: the changes belong into the unit that records the evidence.
 *
 * @param findings those of evaluateAll: the rules of every policy, whatever resource it is about
 */
export function endedByEvidence(
  facts: DeviceFacts,
  findings: readonly RuleFinding[],
  now: Instant,
): { changes: Change[]; audit: AuditEvent[] } {
  const holder = { findings, personId: facts.owner.id, deviceId: facts.id, jkt: facts.jkt, now };
  const ended = facts.exceptions.flatMap((exception): Ended[] => {
    if (!isLive(exception, now)) return [];
    if (isResolved(exception, findings)) {
      return [{ exception, state: 'resolved', reason: 'The device passes by itself.' }];
    }
    const cause = voidCause({ ...holder, exception });
    return cause === null ? [] : [{ exception, state: 'voided', reason: cause.sentence }];
  });
  return {
    changes: ended.flatMap(({ exception, state, reason }) => endingChanges(exception, { state, at: now, by: null, reason })),
    audit: ended.map(({ exception, state, reason }) => endingEvent(state, exception, now, systemActor, reason)),
  };
}
