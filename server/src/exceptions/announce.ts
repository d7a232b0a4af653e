import type { Instant } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { Unit } from '../storage/store.ts';
import { endingChanges } from './changes.ts';
import { endingEvent } from './events.ts';
import { endedByTime } from './lifecycle.ts';
import type { ExceptionRecord } from './record.ts';

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
  return { changes: units.flatMap(({ changes }) => changes), audit: units.flatMap(({ audit }) => audit) };
}
