import pg from 'pg';

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
  if (!(error instanceof pg.DatabaseError)) return { kind: 'lost', rows: [], code: '', message };
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
  // 40001 serialization failure, 40P01 deadlock, 55P03 lock not available
  if (code === '40001' || code === '40P01' || code === '55P03') return of('again');
  // Class 08 connection, 57P01–57P03 shut down
  if (code.startsWith('08') || code.startsWith('57P')) return of('lost');
  return of('other');
}
