import { Fault } from '@postern/shared/protocol/errors';
import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import type { Change } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { moved, type Place, readPlace } from './place.ts';

const mostTries = 20;

/** What is to be written of a stream, with the place that it was decided on. */
export interface StreamUnit {
  changes: readonly Change[];
  audit: readonly AuditEvent[];
  /** How many events are among the changes. */
  events?: number;
  /** Whether somebody is told from now on who was not before: then all devices are looked through for what they protect. */
  looksThrough?: boolean;
}

/**
 * Writes a change of streams under the guard that events are written under. That moves all the time, and not because of
 * anything that concerns the change: so it is decided anew on what is there then, as often as it takes.
 *
 * @param decide reads, and says what is to be written; the first event has the position after that of the place
 * @throws Fault conflict when it moves too fast
 */
export async function changeStreams<Result>(
  deps: Pick<Deps, 'store'>,
  decide: (place: Place) => Promise<{ unit: StreamUnit; result: Result }>,
): Promise<Result> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const from = await readPlace(deps);
    const { unit, result } = await decide(from);
    const to = {
      ...from,
      position: from.position + (unit.events ?? 0),
      streams: from.streams + 1,
      ...(unit.looksThrough === true ? { swept: '' } : {}),
    };
    try {
      await deps.store.commit({ changes: [moved(from, to), ...unit.changes], audit: unit.audit });
      return result;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new Fault('conflict');
}

export function streamEvent(
  type: AuditEventType,
  stream: string,
  actor: AuditEvent['actor'],
  data: AuditEvent['data'],
  at: number,
): AuditEvent {
  return { at, type, outcome: 'success', actor, subject: { kind: 'stream', id: stream }, data };
}
