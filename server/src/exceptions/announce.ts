import type { Instant } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import { updateOne } from '../storage/change.ts';
import type { Unit } from '../storage/store.ts';
import { endingChanges } from './changes.ts';
import { endingEvent, exceptionEvent } from './events.ts';
import { endedByTime } from './lifecycle/lifecycle.ts';
import type { ExceptionRecord } from './lifecycle/record.ts';
import { joined } from './units.ts';

/** The changes and entries that record what has ended by itself; nothing for those that have not. */
export function announceEnded(records: readonly ExceptionRecord[], now: Instant): Unit {
  const units = records.flatMap((record): Unit[] => {
    const ended = endedByTime(record, now);
    if (ended === undefined) return [];
    const { state, at, reason } = ended;
    const data = { endedAt: at, ...(reason === null ? {} : { cause: 'extended-ended' }) };
    return [
      {
        changes: endingChanges(record, { state, at, by: null, reason }),
        audit: [endingEvent(state, record, now, systemActor, { data })],
      },
    ];
  });
  return joined(...units);
}

/** Somebody who has left gets no token under any (tokens/decide.ts); ended, none comes back with them when they return. */
export function endOfTheGone(record: ExceptionRecord, now: Instant): Unit {
  const reason = 'Its person has left.';
  const data = { cause: 'person-gone', rule: null };
  return {
    changes: endingChanges(record, { state: 'voided', at: now, by: null, reason }),
    audit: [endingEvent('voided', record, now, systemActor, { data })],
  };
}

/** The entry that says that the time of a scheduled one has come, once: of two nodes that would say so the second is refused. */
export function announceBegun(record: ExceptionRecord, now: Instant): Unit {
  const { id, state, version, beginsAt, expiresAt } = record;
  return {
    changes: [updateOne('exceptions', { id, state, version }, { version: version + 1 })],
    audit: [exceptionEvent('exception.begun', record, now, systemActor, { data: { beginsAt, expiresAt } })],
  };
}
