import type { Instant } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { DeviceFacts } from '../devices/index.ts';
import { isLive, isResolved, voidCause } from '../policy/index.ts';
import type { RuleFinding } from '../policy/types.ts';
import type { Unit } from '../storage/store.ts';
import { endingChanges } from './changes.ts';
import { endingEvent } from './events.ts';

/**
 * What new evidence does to the exceptions of a device: those whose rules all pass now are resolved, those
 * that do not cover what is there now are voided. What time has ended is left to the sweeper to announce.
 * Pure: the changes belong into the unit that records the evidence.
 *
 * @param findings those of evaluateAll: the rules of every policy, whatever resource it is about
 */
export function endedByEvidence(facts: DeviceFacts, findings: readonly RuleFinding[], now: Instant): Unit {
  const holder = { findings, personId: facts.owner.id, deviceId: facts.id, jkt: facts.jkt, now };
  const units = facts.exceptions.flatMap((exception): Unit[] => {
    if (!isLive(exception, now)) return [];
    if (isResolved(exception, findings)) {
      const reason = 'The device passes by itself.';
      return [
        {
          changes: endingChanges(exception, { state: 'resolved', at: now, by: null, reason }),
          audit: [endingEvent('resolved', exception, now, systemActor)],
        },
      ];
    }
    const cause = voidCause({ ...holder, exception });
    if (cause === null) return [];
    const data = { cause: cause.cause, rule: cause.rule };
    return [
      {
        changes: endingChanges(exception, { state: 'voided', at: now, by: null, reason: cause.sentence }),
        audit: [endingEvent('voided', exception, now, systemActor, { data })],
      },
    ];
  });
  return { changes: units.flatMap(({ changes }) => changes), audit: units.flatMap(({ audit }) => audit) };
}
