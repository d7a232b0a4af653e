import type { Instant } from '@postern/shared/time';
import { type Change, deleteAny, insert } from '../storage/change.ts';
import { endedByTime } from './lifecycle/lifecycle.ts';
import type { ExceptionRecord } from './lifecycle/record.ts';

/** Stands for every resource in exception_slots. */
const anyResource = '*';

/** Stands for every device, and for no rule in particular: temporary access is one a person and resource, wherever it was asked for. */
const anyDevice = '*';
const accessPlace = 'access';

type Scope = Pick<ExceptionRecord, 'personId' | 'deviceId' | 'rules' | 'resources'>;

/**
 * Gives an exception the (person, device, rule, resource) places that it is about, in place of those it had. An
 * extension that waits has none: they are still those of the exception that it extends.
 */
export function placeChanges(record: ExceptionRecord): Change[] {
  const resources = record.resources.length === 0 ? [anyResource] : record.resources;
  const isWaitingExtension = record.state === 'pending' && record.extendsId !== null;
  const isAccess = record.kind === 'access';
  const rules = isAccess ? [accessPlace] : record.rules;
  const places = (isWaitingExtension ? [] : rules).flatMap((rule) =>
    resources.map((resource) =>
      insert('exception_slots', {
        person_id: record.personId,
        device_id: isAccess ? anyDevice : record.deviceId,
        rule,
        resource,
        exception_id: record.id,
      }),
    ),
  );
  return record.version === 1 ? places : [deleteAny('exception_slots', { exception_id: record.id }), ...places];
}

/**
 * The open exception that has, or waits for, a place in this scope. The database refuses equal places by itself; that
 * "all resources" overlaps each single one is known only here, under the guard of the device's exception epoch.
 */
export function findOverlap(open: readonly ExceptionRecord[], scope: Scope, now: Instant): ExceptionRecord | undefined {
  return open.find((each) => endedByTime(each, now) === undefined && overlaps(each, scope));
}

function overlaps(left: Scope, right: Scope): boolean {
  if (left.personId !== right.personId || left.deviceId !== right.deviceId) return false;
  if (!left.rules.some((rule) => right.rules.includes(rule))) return false;
  if (left.resources.length === 0 || right.resources.length === 0) return true;
  return left.resources.some((resource) => right.resources.includes(resource));
}
