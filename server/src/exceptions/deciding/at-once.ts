import type { Instant } from '@postern/shared/time';
import { systemActor } from '../../audit/event.ts';
import type { DeviceFacts } from '../../devices/index.ts';
import type { Rulebook } from '../../policy/index.ts';
import type { Unit } from '../../storage/store.ts';
import { approvalEvent } from './approval-event.ts';
import { approvalChange } from '../changes.ts';
import { apply } from './decide.ts';
import { refuseMoot } from './moot.ts';
import { placeChanges } from '../places.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/**
 * What a condition of the template approves by itself, in the unit of the request and right after its changes; nothing
 * where people have to. The server is who approved, and the entry names the condition.
 *
 * @throws Fault exception_not_needed
 */
export function approveAtOnce(
  record: ExceptionRecord,
  given: { facts: DeviceFacts; rulebook: Rulebook },
  now: Instant,
): Unit {
  const { autoApprovedBy, stages } = record.plan;
  // What extends something takes its place, which is for people to decide.
  if (autoApprovedBy === null || stages.length > 0 || record.emergency || record.extendsId !== null)
    return { changes: [], audit: [] };
  const approved = apply(record, { kind: 'auto-approve' }, now);
  const after = { ...approved, observed: refuseMoot(given.rulebook, given.facts, approved, now) };
  return {
    changes: [approvalChange(record, after), ...placeChanges(after)],
    audit: [approvalEvent(after, systemActor, { data: { by: autoApprovedBy } }, now)],
  };
}
