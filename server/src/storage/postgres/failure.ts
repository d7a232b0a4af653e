import pg from 'pg';
import { WriteError } from '../write-error.ts';

/** What an error of PostgreSQL means for the units that were being written. */
export type FailureKind =
  /** A key was taken, or a row that is referred to is not there. */
  | 'key'
  /** Another node wrote the entry of that number first. */
  | 'head-moved'
  /** Guards did not hold; `rows` says which. */
  | 'guard'
  /** Two transactions got into each other's way; the same again may work. */
  | 'again'
  /** Somebody else holds a lock for longer than we wait. Nothing was written. */
  | 'locked'
  /** The connection is gone, and whether the transaction was committed is unknown. */
  | 'lost'
  | 'other';

export interface Failure {
  kind: FailureKind;
  /** For `guard`: group and row, as one-statement.ts numbers them. */
  rows: { group: number; row: number }[];
  code: string;
  message: string;
}

/** `one-statement.ts` makes a statement fail with this mark and the rows whose guards did not hold. */
export const guardMark = 'postern';

export function readFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof pg.DatabaseError)) return { kind: 'lost', rows: [], code: codeOf(error), message };
  const code = error.code ?? '';
  const rows = [...message.matchAll(/(\d+):(\d+)/g)].map(([, group, row]) => ({
    group: Number(group),
    row: Number(row),
  }));
  const of = (kind: FailureKind): Failure => ({ kind, rows: kind === 'guard' ? rows : [], code, message });
  if (code === '22P02' && message.includes(`"${guardMark} head`)) return of('head-moved');
  if (code === '22P02' && message.includes(`"${guardMark} `)) return of('guard');
  if (code === '23505' && error.constraint === 'audit_pkey') return of('head-moved');
  if (code === '23505' || code === '23503') return of('key');
  // 40001 serialization failure, 40P01 deadlock
  if (code === '40001' || code === '40P01') return of('again');
  if (code === '55P03') return of('locked');
  // Class 08 connection, 57P01–57P03 shut down, 25P03 idle in a transaction for too long
  if (code.startsWith('08') || code.startsWith('57P') || code === '25P03') return of('lost');
  return of('other');
}

/** SQLSTATE of a connection failure. The driver's own errors (connection ended, no answer in time) have no code. */
const connectionFailure = '08006';

/** The code of what did not come from the server: Node's (ECONNREFUSED), ours, or that the connection failed. */
function codeOf(error: unknown): string {
  if (error instanceof WriteError) return error.code;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  // The driver throws plain errors; a TypeError is a mistake in the program.
  return error instanceof TypeError || error instanceof RangeError ? '' : connectionFailure;
}

/** An error of a read or of connecting, with a code that says whether the database could be asked at all. */
export function withCode(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) return error;
  const { code, message } = readFailure(error);
  if (code === '' || (error instanceof Error && 'code' in error)) return error;
  return Object.assign(new Error(message, { cause: error }), { code });
}
