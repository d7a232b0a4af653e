import type { Change } from '../change.ts';
import type { Unit } from '../store.ts';
import { tableOf } from '../tables.ts';

/** Enough that a slow disk is no limit; few enough that one statement stays short. */
const maxUnits = 256;

export interface Batch {
  /** Hot: one statement can carry it all out. */
  hot: boolean;
  /** How many units from the front of the queue. */
  length: number;
}

/**
 * How much of the front of the queue is written next, in order of arrival. A batch of one statement ends before
 * a unit that touches a row that the batch touches already: inside one statement neither would see the other.
 */
export function nextBatch(queue: readonly Unit[]): Batch {
  const touched = new Set<string>();
  let hot: boolean | undefined;
  let length = 0;
  for (const unit of queue.slice(0, maxUnits)) {
    const keys = hotKeys(unit);
    hot ??= keys !== undefined;
    if (hot !== (keys !== undefined)) break;
    if (keys?.some((key) => touched.has(key))) break;
    for (const key of keys ?? []) touched.add(key);
    length += 1;
  }
  return { hot: hot ?? false, length };
}

/** The rows that a unit touches, or undefined when it needs an ordinary transaction. */
function hotKeys(unit: Unit): string[] | undefined {
  const keys: string[] = [];
  for (const change of unit.changes) {
    const key =
      change.kind === 'delete' || (change.kind === 'update' && change.expect === 'any') ? undefined : rowKey(change);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return new Set(keys).size === keys.length ? keys : undefined;
}

/** The one row that a change can touch, or undefined when that cannot be told from the change alone. */
function rowKey(change: Exclude<Change, { kind: 'delete' }>): string | undefined {
  const { key } = tableOf(change.table);
  if (change.kind === 'update' && key.some((column) => column in change.set)) return undefined;
  const values: Readonly<Record<string, unknown>> = change.kind === 'insert' ? change.row : change.where;
  const parts = key.map((column) => values[column]);
  const known = parts.every((part) => typeof part === 'string' || typeof part === 'number');
  return known ? JSON.stringify([change.table, ...parts]) : undefined;
}
