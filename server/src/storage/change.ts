import type { Database, TableName } from './database.ts';

type Value = string | number | null;
/** Equality, or a bound. Plain data, so that a change can travel to the thread that writes. */
export type Condition = Value | Bounds;

/** Above, up to and with, or both. */
export type Bounds<V extends string | number = string | number> = { lte: V } | { gt: V } | { gt: V; lte: V };

/**
 * One write, as data. Deciding makes changes; only the store's writer carries them out.
 * `expect: 'one'` is the guard of optimistic concurrency: the row must still be as it was when
 * the decision was made, otherwise the whole unit is refused with a ConflictError.
 */
export type Change =
  | { kind: 'insert'; table: TableName; row: Record<string, Value> }
  | {
      kind: 'update';
      table: TableName;
      where: Record<string, Condition>;
      set: Record<string, Value>;
      expect: 'one' | 'any';
    }
  | { kind: 'delete'; table: TableName; where: Record<string, Condition>; expect: 'one' | 'any' };

type Where<T extends TableName> = {
  [C in keyof Database[T]]?: Database[T][C] | Bounds<Exclude<Database[T][C], null> & (string | number)>;
};

/** The row must not be there yet: a taken key refuses the unit. */
export function insert<T extends TableName>(table: T, row: Database[T]): Change {
  return { kind: 'insert', table, row: row as unknown as Record<string, Value> };
}

/** Exactly one row must match. */
export function updateOne<T extends TableName>(table: T, where: Where<T>, set: Partial<Database[T]>): Change {
  return {
    kind: 'update',
    table,
    where: where as Record<string, Condition>,
    set: set as Record<string, Value>,
    expect: 'one',
  };
}

export function updateAny<T extends TableName>(table: T, where: Where<T>, set: Partial<Database[T]>): Change {
  return {
    kind: 'update',
    table,
    where: where as Record<string, Condition>,
    set: set as Record<string, Value>,
    expect: 'any',
  };
}

export function deleteOne<T extends TableName>(table: T, where: Where<T>): Change {
  return { kind: 'delete', table, where: where as Record<string, Condition>, expect: 'one' };
}

export function deleteAny<T extends TableName>(table: T, where: Where<T>): Change {
  return { kind: 'delete', table, where: where as Record<string, Condition>, expect: 'any' };
}
