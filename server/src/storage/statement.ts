import type { ComparisonOperatorExpression, Compilable, Kysely } from 'kysely';
import type { Change, Condition } from './change.ts';
import type { Database } from './database.ts';

/** A change in two parts: what its SQL depends on, and the values that go into it. */
export interface ShapedChange {
  /** Changes with the same shape have the same SQL. */
  shape: string;
  values: (string | number | null)[];
}

export interface Statement {
  sql: string;
  /** Which of the change's values goes into each parameter. */
  slots: readonly number[];
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
 * The SQL of a change, compiled by Kysely for the database at hand. It is compiled with numbers of slots
 * in place of the values, which come out again as the order of the parameters.
 */
export function compileChange(db: Kysely<Database>, change: Change): Statement {
  let slot = 0;
  const slots = (row: object): Record<string, never> =>
    Object.fromEntries(Object.keys(row).map((column) => [column, slot++ as never]));
  const { sql, parameters } = build(db, change, slots, () => slot++).compile();
  return { sql, slots: parameters.map(Number) };
}

function build(
  db: Kysely<Database>,
  change: Change,
  slots: (row: object) => Record<string, never>,
  next: () => number,
): Compilable {
  if (change.kind === 'insert') return db.insertInto(change.table).values(slots(change.row));
  // One table stands for all here: the columns are those of the change, and the compiler checked them where it was made.
  const table = change.table as 'meta';
  const conditions = (): [column: 'key', operator: ComparisonOperatorExpression, value: never][] =>
    Object.entries(change.where).flatMap(([column, condition]) =>
      comparisons(condition).map(({ operator, value }): [column: 'key', operator: typeof operator, value: never] => [
        column as 'key',
        operator,
        (value === null ? null : next()) as never,
      ]),
    );
  if (change.kind === 'update') {
    const update = db.updateTable(table).set(slots(change.set));
    return conditions().reduce((query, [column, operator, value]) => query.where(column, operator, value), update);
  }
  return conditions().reduce(
    (query, [column, operator, value]) => query.where(column, operator, value),
    db.deleteFrom(table),
  );
}
