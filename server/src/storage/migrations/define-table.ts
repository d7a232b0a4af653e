import { type Kysely, sql } from 'kysely';

export type StoreKind = 'sqlite' | 'postgres';

/** With a question mark: may be null. */
type ColumnType = 'text' | 'text?' | 'integer' | 'integer?';

function sqlTypeOf(kind: StoreKind, type: ColumnType) {
  if (type.startsWith('text')) return kind === 'postgres' ? sql`text collate "C"` : sql`text`;
  return kind === 'postgres' ? sql`bigint` : sql`integer`;
}

interface TableOptions {
  key: readonly string[];
  /** Column to `table.column`. */
  references?: Readonly<Record<string, string>>;
  unique?: readonly (readonly string[])[];
  /** Name of the constraint to its condition, in SQL that both databases read. */
  checks?: Readonly<Record<string, string>>;
  /**
   * Short rows that are found by their key only. SQLite then keeps them in the tree of the key (WITHOUT
   * ROWID) instead of storing the key twice.
   */
  compact?: boolean;
  /** Rows that are rewritten often. PostgreSQL leaves room in the page, so that an update touches no index. */
  rewritten?: boolean;
}

/**
 * Makes a table with the same meaning on both databases. Text compares by its bytes on both (PostgreSQL
 * would use the locale of the database), and SQLite is held to its column types (STRICT).
 */
export async function createTable(
  db: Kysely<unknown>,
  kind: StoreKind,
  name: string,
  columns: Readonly<Record<string, ColumnType>>,
  options: TableOptions,
): Promise<void> {
  let table = db.schema.createTable(name);
  for (const [column, type] of Object.entries(columns)) {
    table = table.addColumn(column, sqlTypeOf(kind, type), (definition) =>
      type.endsWith('?') ? definition : definition.notNull(),
    );
  }
  table = table.addPrimaryKeyConstraint(`${name}_pkey`, options.key as never[]);
  for (const unique of options.unique ?? []) {
    table = table.addUniqueConstraint(`${name}_${unique.join('_')}_unique`, unique as never[]);
  }
  for (const [column, reference] of Object.entries(options.references ?? {})) {
    const [parent = '', parentColumn = ''] = reference.split('.');
    table = table.addForeignKeyConstraint(`${name}_${column}_fkey`, [column as never], parent, [parentColumn]);
  }
  for (const [check, condition] of Object.entries(options.checks ?? {})) {
    table = table.addCheckConstraint(`${name}_${check}_check`, sql.raw(condition));
  }
  if (kind === 'sqlite') table = table.modifyEnd(options.compact ? sql`strict, without rowid` : sql`strict`);
  else if (options.rewritten) table = table.modifyEnd(sql`with (fillfactor = 70)`);
  await table.execute();
}

/** SQL condition: the column holds one of these words. */
export function oneOf(column: string, words: readonly string[]): string {
  return `${column} in (${words.map((word) => `'${word}'`).join(', ')})`;
}

export async function createIndex(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_${columns.join('_')}`)
    .on(table)
    .columns(columns)
    .execute();
}

/** A column that rows of before get with that default, an expression in SQL; one that may be null needs none. */
export async function addColumn(
  db: Kysely<unknown>,
  kind: StoreKind,
  table: string,
  column: string,
  type: ColumnType,
  defaultTo?: string,
): Promise<void> {
  await db.schema
    .alterTable(table)
    .addColumn(column, sqlTypeOf(kind, type), (definition) => {
      const typed = type.endsWith('?') ? definition : definition.notNull();
      return defaultTo === undefined ? typed : typed.defaultTo(sql.raw(defaultTo));
    })
    .execute();
}
