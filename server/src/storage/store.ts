import type { Kysely } from 'kysely';
import type { AuditEvent } from '../audit/event.ts';
import type { Change } from './change.ts';
import type { Database } from './database.ts';

/** What stands or falls together: the changes of one decision and their audit entries. */
export interface Unit {
  changes: readonly Change[];
  audit: readonly AuditEvent[];
  /** Refuses the unit with a StaleError when what it was decided by was written to since. Only where the store has `keeping`. */
  basis?: Basis | undefined;
}

/** What was decided by: facts that were read at one time, and perhaps kept since. */
export interface Basis {
  /** Whose they are: ids of devices and people. */
  of: readonly string[];
  /** `Keeping.now()` before they were read. */
  asOf: number;
}

/** What it takes to keep facts of devices between requests. */
export interface Keeping {
  now(): number;
  /** False when the facts are known to have been written to. When they are not, the commit still finds out. */
  stands(basis: Basis): boolean;
}

/** A guard did not hold: a key was taken, or a row was no longer as it was read. Nothing of the unit was written. */
export class ConflictError extends Error {
  /** Index in `unit.changes` of the change that did not hold. */
  readonly change: number;
  constructor(change: number) {
    super(`change ${change} did not hold`);
    this.name = 'ConflictError';
    this.change = change;
  }
}

/** The unit was decided by facts that have changed. Nothing of it was written. */
export class StaleError extends ConflictError {
  constructor() {
    super(-1);
    this.name = 'StaleError';
    this.message = 'what it was decided by has changed';
  }
}

export interface Store {
  readonly kind: 'sqlite' | 'postgres';
  /** For reading only. Every write goes through commit. */
  readonly read: Kysely<Database>;
  /**
   * Writes a unit, durably, and only then resolves. Units that arrive together are written in one
   * transaction, in order of arrival; one that fails takes none of the others with it.
   * Throws ConflictError when a guard of this unit did not hold, and WriteError when the database failed: nothing
   * of the unit was written, unless `outcomeUnknown` says that this cannot be told.
   */
  commit(unit: Unit): Promise<void>;
  /** Undefined where other processes write as much as this one: nothing is to be kept there. */
  readonly keeping: Keeping | undefined;
  /** Round trips to the database since the start: one per read query, one per statement or transaction of the writer. */
  roundTrips(): { reads: number; writes: number };
  /** Rejects when the database cannot be read and written. */
  check(): Promise<void>;
  close(): Promise<void>;
}
