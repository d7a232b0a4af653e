import type { Database as SqliteConnection, Statement as Prepared } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { chainEvent, type ChainHead } from '../../audit/chain.ts';
import type { Random } from '../../random.ts';
import { type Change, insert } from '../change.ts';
import { headQuery } from '../head-query.ts';
import { shapeOf, sqlOf } from '../statement.ts';
import { ConflictError, type Unit } from '../store.ts';
import type { BasisGuard } from './basis-guard.ts';

/** What became of one unit. Plain data: it travels between threads. */
export type UnitResult =
  | { done: true }
  | { done: false; conflict: number }
  | { done: false; stale: true }
  | { done: false; error: string; code: string };

export type WriteBatch = (units: readonly Unit[]) => UnitResult[];

/**
 * Writes all the given units in one transaction and returns only after COMMIT. A unit that fails is undone alone. When
 * the transaction as a whole cannot begin or commit, every unit failed.
 *
 * Savepoints, which copy every page that a unit touches first, are for batches in which a unit failed: without them a
 * token costs a tenth less.
 */
export function batchWriter(
  connection: SqliteConnection,
  random: Pick<Random, 'secret'>,
  guard: BasisGuard,
): WriteBatch {
  const statements = new LRUCache<string, Prepared>({ max: 500 });
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
      statement = connection.prepare(sqlOf(change, () => '?'));
      statements.set(shape, statement);
    }
    return statement.run(...values).changes;
  }

  function writeUnit(unit: Unit, head: ChainHead): ChainHead {
    guard.note(unit);
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

  /** Runs the units in one transaction, each as `write` does it, and returns after COMMIT. */
  function inTransaction(units: readonly Unit[], write: (unit: Unit, index: number, head: ChainHead) => ChainHead) {
    begin.run();
    try {
      guard.begin();
      let head = readHead();
      for (const [index, unit] of units.entries()) head = write(unit, index, head);
      commit.run();
    } catch (error) {
      if (connection.inTransaction) rollback.run();
      throw error;
    }
  }

  const isStale = ({ basis }: Unit) => basis !== undefined && !guard.stands(basis);

  /** Throws UnitFailed at the first unit that does: then nothing is written. */
  function together(units: readonly Unit[]): UnitResult[] {
    const results: UnitResult[] = units.map(() => ({ done: true }));
    inTransaction(units, (unit, index, head) => {
      if (isStale(unit)) {
        results[index] = stale;
        return head;
      }
      try {
        return writeUnit(unit, head);
      } catch (error) {
        throw new UnitFailed(failure(error));
      }
    });
    return results;
  }

  /** Each unit between savepoints, so that one that fails is undone alone. */
  function apart(units: readonly Unit[]): UnitResult[] {
    const results: UnitResult[] = [];
    for (;;) {
      try {
        inTransaction(units, (unit, index, head) => {
          if (isStale(unit)) results[index] = stale;
          if (results[index]?.done === false) return head;
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
          return head;
        });
        return results;
      } catch (error) {
        // Again without the unit that cost the others their transaction; each time there is one less.
        if (error instanceof TransactionLost) continue;
        return units.map((_, index) => (results[index]?.done === false ? results[index] : failure(error)));
      }
    }
  }

  // A storm of replays must not make every batch be written twice.
  let expectFailure = false;

  return function writeBatch(units) {
    if (!expectFailure) {
      try {
        return together(units);
      } catch (error) {
        if (!(error instanceof UnitFailed)) return units.map(() => failure(error));
        if (units.length === 1) return [error.result];
      }
    }
    const results = apart(units);
    expectFailure = results.some(({ done }) => !done);
    return results;
  };
}

const stale: UnitResult = { done: false, stale: true };

class UnitFailed extends Error {
  readonly result: UnitResult;
  constructor(result: UnitResult) {
    super('a unit failed');
    this.result = result;
  }
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
