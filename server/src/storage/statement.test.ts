import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Change, Condition } from './change.ts';
import type { Database } from './database.ts';
import { comparisons, shapeOf, sqlOf } from './statement.ts';

const kyselyOf = (kind: 'sqlite' | 'postgres') =>
  new Kysely<Database>({
    dialect: {
      createAdapter: () => (kind === 'sqlite' ? new SqliteAdapter() : new PostgresAdapter()),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => (kind === 'sqlite' ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
      createQueryCompiler: () => (kind === 'sqlite' ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    },
  });

/** The same change, as Kysely writes it. */
function asKysely(db: Kysely<Database>, change: Change): { sql: string; parameters: readonly unknown[] } {
  const table = change.table as 'meta';
  if (change.kind === 'insert')
    return db
      .insertInto(table)
      .values(change.row as never)
      .compile();
  const conditions = Object.entries(change.where).flatMap(([column, condition]) =>
    comparisons(condition).map(({ operator, value: to }) => ({ column: column as 'key', operator, to })),
  );
  if (change.kind === 'update')
    return conditions
      .reduce(
        (query, { column: name, operator, to }) => query.where(name, operator, to as never),
        db.updateTable(table).set(change.set as never),
      )
      .compile();
  return conditions
    .reduce((query, { column: name, operator, to }) => query.where(name, operator, to as never), db.deleteFrom(table))
    .compile();
}

const column = fc.constantFrom('id', 'state', 'seq', 'owner', 'order', 'expires_at');
const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null));
const bound = fc.oneof(fc.string(), fc.integer());
const condition: fc.Arbitrary<Condition> = fc.oneof(
  value,
  fc.record({ gt: bound }),
  fc.record({ lte: bound }),
  fc.record({ gt: bound, lte: bound }) as fc.Arbitrary<Condition>,
);
const table = fc.constantFrom('devices', 'audit', 'meta');
const row = fc.dictionary(column, value, { minKeys: 1, maxKeys: 5 });
const where = fc.dictionary(column, condition, { maxKeys: 4 });
const expect = fc.constantFrom('one', 'any');
const change = fc.oneof(
  fc.record({ kind: fc.constant('insert'), table, row }),
  fc.record({ kind: fc.constant('update'), table, where, set: row, expect }),
  fc.record({ kind: fc.constant('delete'), table, where, expect }),
) as fc.Arbitrary<Change>;

describe('the SQL of a change', () => {
  for (const kind of ['sqlite', 'postgres'] as const) {
    test(`and its parameters are those that Kysely writes (${kind})`, () => {
      const db = kyselyOf(kind);
      fc.assert(
        fc.property(change, (any) => {
          const { sql, parameters } = asKysely(db, any);
          assert.equal(
            sqlOf(any, (n) => (kind === 'sqlite' ? '?' : `$${n}`)),
            sql,
          );
          assert.deepEqual(shapeOf(any).values, parameters);
        }),
      );
    });

    test(`is one for one shape, whatever the values (${kind})`, () => {
      fc.assert(
        fc.property(change, change, (one, other) => {
          const parameter = (n: number) => (kind === 'sqlite' ? '?' : `$${n}`);
          const isSame = shapeOf(one).shape === shapeOf(other).shape;
          assert.equal(isSame, sqlOf(one, parameter) === sqlOf(other, parameter));
        }),
      );
    });
  }
});
