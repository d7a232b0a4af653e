import type { Condition } from './change.ts';
import { comparisons } from './statement.ts';
import type { Unit } from './store.ts';

/**
 * Refuses what one of the two databases would not give back as it was handed over, before it reaches either:
 * PostgreSQL has no NUL in text, neither has half a surrogate pair, and only safe integers survive everywhere.
 * Throws a TypeError that names the column and not the value.
 */
export function checkUnit(unit: Unit): void {
  for (const change of unit.changes) {
    if (change.kind === 'insert') checkValues(change.table, change.row);
    else checkValues(change.table, change.where);
    if (change.kind === 'update') {
      if (Object.keys(change.set).length === 0) throw new TypeError(`${change.table}: an update sets nothing`);
      checkValues(change.table, change.set);
    }
    // A forgotten condition must not become a change of the whole table.
    if (change.kind !== 'insert' && Object.keys(change.where).length === 0) {
      throw new TypeError(`${change.table}: a change of all rows`);
    }
  }
  for (const event of unit.audit) {
    if (
      !storable(event.at) ||
      !storable(event.actor.id) ||
      !storable(event.subject?.id ?? null) ||
      !storable(event.text ?? null)
    ) {
      throw new TypeError(`audit entry ${event.type}: not storable`);
    }
  }
}

function checkValues(table: string, values: Readonly<Record<string, Condition>>): void {
  for (const column in values) {
    const value = values[column];
    const isStorable =
      typeof value === 'object' && value !== null
        ? comparisons(value).every((comparison) => storable(comparison.value))
        : storable(value);
    if (!isStorable) throw new TypeError(`${table}.${column}: not storable`);
  }
}

function storable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  return value === null || Number.isSafeInteger(value);
}
