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
    if (change.kind === 'delete' || (change.kind === 'update' && change.expect === 'any')) return undefined;
    keys.push(rowKey(change));
  }
  return new Set(keys).size === keys.length ? keys : undefined;
}

function rowKey(change: Exclude<Change, { kind: 'delete' }>): string {
  const values: Readonly<Record<string, unknown>> = change.kind === 'insert' ? change.row : change.where;
  const { key } = tableOf(change.table);
  const byKey = key.every((column) => typeof values[column] === 'string' || typeof values[column] === 'number');
  // A row that is found another way may be one that is touched by its key too: the statement then counts short and is split.
  return JSON.stringify([change.table, byKey ? key.map((column) => values[column]) : values]);
}
