import type { Change, Condition } from './change.ts';

/** A change in two parts: what its SQL depends on, and the values that go into it. */
export interface ShapedChange {
  /** Changes with the same shape have the same SQL. */
  shape: string;
  values: (string | number | null)[];
}

/** Takes a change apart. Column order counts, so that the same code always makes the same shape. */
export function shapeOf(change: Change): ShapedChange {
  const values: (string | number | null)[] = [];
  let shape = `${change.kind} ${change.table}`;
  if (change.kind === 'insert') {
    for (const column in change.row) {
      shape += ` ${column}`;
      values.push(change.row[column] ?? null);
    }
    return { shape, values };
  }
  if (change.kind === 'update') {
    for (const column in change.set) {
      shape += ` ${column}`;
      values.push(change.set[column] ?? null);
    }
  }
  shape += ' where';
  for (const column in change.where) {
    for (const { operator, value } of comparisons(change.where[column] ?? null)) {
      shape += ` ${column} ${operator}`;
      if (value !== null) values.push(value);
    }
  }
  return { shape, values };
}

type Comparison = { operator: 'is'; value: null } | { operator: '=' | '<=' | '>'; value: string | number };

/** What a condition asks of its column: one comparison, or two when it has both bounds. Only `is null` has no value. */
export function comparisons(condition: Condition): Comparison[] {
  if (condition === null) return [{ operator: 'is', value: null }];
  if (typeof condition !== 'object') return [{ operator: '=', value: condition }];
  const found: Comparison[] = [];
  if ('gt' in condition) found.push({ operator: '>', value: condition.gt });
  if ('lte' in condition) found.push({ operator: '<=', value: condition.lte });
  return found;
}

/**
 * The SQL of a change; the values of its shape are its parameters, in their order. Written here and not by Kysely, whose 250
 * modules would be read again by the thread that writes: most of the time until a store is open. Names of tables and columns
 * come from our code, where the compiler checked them.
 *
 * @param parameter how the database at hand writes parameter number n, from 1
 */
export function sqlOf(change: Change, parameter: (n: number) => string): string {
  let n = 0;
  const next = () => parameter((n += 1));
  const table = quoted(change.table);
  if (change.kind === 'insert') {
    const columns = Object.keys(change.row);
    return `insert into ${table} (${columns.map(quoted).join(', ')}) values (${columns.map(next).join(', ')})`;
  }
  const set =
    change.kind === 'update'
      ? `update ${table} set ${Object.keys(change.set)
          .map((column) => `${quoted(column)} = ${next()}`)
          .join(', ')}`
      : `delete from ${table}`;
  const conditions = Object.entries(change.where).flatMap(([column, condition]) =>
    comparisons(condition).map(
      ({ operator, value }) => `${quoted(column)} ${operator} ${value === null ? 'null' : next()}`,
    ),
  );
  return conditions.length === 0 ? set : `${set} where ${conditions.join(' and ')}`;
}

const quoted = (name: string) => `"${name}"`;
