import type { Readings } from '@postern/shared/protocol/reading';
import { timestampSchema } from '@postern/shared/time';

/** Whether two sets of readings differ in nothing but when they were collected, which must be times. */
export function areSameReadings(sent: unknown, stored: Readings): boolean {
  return areSameMembers(sent, stored, isSameReading);
}

/** The same of one reading. */
export function isSameReading(sent: unknown, stored: unknown): boolean {
  return areSameMembers(sent, stored, (member, its, name) =>
    name === 'collectedAt' ? timestampSchema.safeParse(member).success : isSameJson(member, its),
  );
}

function isSameJson(left: unknown, right: unknown): boolean {
  return left === right || areSameMembers(left, right, isSameJson);
}

function areSameMembers(
  left: unknown,
  right: unknown,
  isSame: (left: unknown, right: unknown, name: string) => boolean,
): boolean {
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name], name))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
