import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { type DeviceFacts, readDeviceFacts } from '../../devices/index.ts';
import type { Unit } from '../../storage/store.ts';
import { exceptionEvent } from '../events.ts';
import { effectiveState, type ExceptionEvent, transition } from '../lifecycle/lifecycle.ts';
import { readException } from '../read.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import { settle } from '../settle.ts';

interface Attempt {
  /** The exception. */
  id: string;
  /** The person who decides. */
  by: string;
  kind: ExceptionEvent['kind'];
}

/**
 * Carries out what somebody decides about a stored exception. A refused decision is itself recorded: somebody tried.
 *
 * @throws Fault not_found, conflict, and what `unitOf` throws
 */
export async function decide(
  { store }: Pick<Deps, 'store'>,
  attempt: Attempt,
  now: Instant,
  unitOf: (record: ExceptionRecord, facts: DeviceFacts) => Unit | Promise<Unit>,
): Promise<void> {
  const known: { record?: ExceptionRecord } = {};
  try {
    await settle(store, async () => {
      const record = await readException(store.read, attempt.id);
      if (record === undefined) throw new Fault('not_found');
      const facts = await readDeviceFacts(store.read, { id: record.deviceId });
      if (facts === undefined) throw new Fault('not_found');
      known.record = record;
      return { device: facts, unit: await unitOf(record, facts), result: undefined };
    });
  } catch (error) {
    // To be asked for a proof first is no refusal: whoever gives it then decides.
    if (error instanceof Fault && error.code !== 'step_up_required' && known.record !== undefined) {
      const actor = { kind: 'person' as const, id: attempt.by };
      const data = { attempted: attempt.kind, code: error.code };
      const refused = exceptionEvent('exception.decision-refused', known.record, now, actor, {
        outcome: 'failure',
        data,
      });
      await store.commit({ changes: [], audit: [refused] });
    }
    throw error;
  }
}

/** The record after the event. Throws what the state machine refuses it with. */
export function apply(record: ExceptionRecord, event: ExceptionEvent, now: Instant): ExceptionRecord {
  const next = transition(record, event, now);
  if (typeof next !== 'string') return next;
  throw new Fault(next, next === 'exception_state' ? { members: { state: effectiveState(record, now) } } : {});
}
