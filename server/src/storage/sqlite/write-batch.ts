import type { Database as SqliteConnection, Statement as Prepared } from 'better-sqlite3';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { LRUCache } from 'lru-cache';
import { chainEvent, type ChainHead } from '../../audit/chain.ts';
import type { Random } from '../../random.ts';
import { type Change, insert } from '../change.ts';
import type { Database } from '../database.ts';
import { headQuery } from '../head-query.ts';
import { compileChange, shapeOf } from '../statement.ts';
import { ConflictError, type Unit } from '../store.ts';

/** What became of one unit. Plain data: it travels between threads. */
export type UnitResult =
  | { done: true }
  | { done: false; conflict: number }
  | { done: false; error: string; code: string };

export type WriteBatch = (units: readonly Unit[]) => UnitResult[];

/**
 * Writes all the given units in one transaction, each between savepoints, and returns only after COMMIT.
 * A unit that fails is undone alone. When the transaction as a whole cannot begin or commit, every unit failed.
 */
export function batchWriter(connection: SqliteConnection, random: Pick<Random, 'secret'>): WriteBatch {
  const statements = new LRUCache<string, { prepared: Prepared; slots: readonly number[] }>({ max: 500 });
  const compiler = new Kysely<Database>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  const plain = (sql: string) => connection.prepare<[]>(sql);
  const begin = plain('begin immediate');
  const commit = plain('commit');
  const rollback = plain('rollback');
  const savepoint = plain('savepoint unit');
  const release = plain('release unit');
  const undo = plain('rollback to unit');
  // Read inside the transaction: another process (the CLI, a restore) may have written since the last one.
  let headStatement: Prepared<[], ChainHead> | undefined;

  function readHead(): ChainHead {
    headStatement ??= connection.prepare<[], ChainHead>(headQuery);
    const head = headStatement.get();
    if (head === undefined) throw new Error('the database holds no chain id');
    return head;
  }

  function run(change: Change): number {
    const { shape, values } = shapeOf(change);
    let statement = statements.get(shape);
    if (statement === undefined) {
      const { sql, slots } = compileChange(compiler, change);
      statement = { prepared: connection.prepare(sql), slots };
      statements.set(shape, statement);
    }
    return statement.prepared.run(...statement.slots.map((slot) => values[slot])).changes;
  }

  function writeUnit(unit: Unit, head: ChainHead): ChainHead {
    unit.changes.forEach((change, index) => {
      let changed: number;
      try {
        changed = run(change);
      } catch (error) {
        throw isKeyViolation(error) ? new ConflictError(index) : error;
      }
      if (change.kind !== 'insert' && change.expect === 'one' && changed !== 1) throw new ConflictError(index);
    });
    for (const event of unit.audit) {
      const chained = chainEvent(head, event, () => random.secret());
      run(insert('audit', chained.row));
      if (chained.text !== null) run(insert('audit_texts', chained.text));
      head = chained.head;
    }
    return head;
  }

  function attempt(units: readonly Unit[], results: UnitResult[]): void {
    begin.run();
    try {
      let head = readHead();
      for (const [index, unit] of units.entries()) {
        if (results[index]?.done === false) continue;
        savepoint.run();
        try {
          head = writeUnit(unit, head);
          results[index] = { done: true };
        } catch (error) {
          results[index] = failure(error);
          // Some errors (a full disk) end the transaction with all that was in it.
          if (!connection.inTransaction) throw new TransactionLost();
          undo.run();
        }
        release.run();
      }
      commit.run();
    } catch (error) {
      if (connection.inTransaction) rollback.run();
      throw error;
    }
  }

  return function writeBatch(units) {
    const results: UnitResult[] = [];
    for (;;) {
      try {
        attempt(units, results);
        return results;
      } catch (error) {
        // Again without the unit that cost the others their transaction; each time there is one less.
        if (error instanceof TransactionLost) continue;
        return units.map((_, index) => (results[index]?.done === false ? results[index] : failure(error)));
      }
    }
  };
}

class TransactionLost extends Error {}

function failure(error: unknown): UnitResult {
  if (error instanceof ConflictError) return { done: false, conflict: error.change };
  return { done: false, error: error instanceof Error ? error.message : String(error), code: codeOf(error) };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const keyViolations = new Set([
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_FOREIGNKEY',
]);

function isKeyViolation(error: unknown): boolean {
  return keyViolations.has(codeOf(error));
}
