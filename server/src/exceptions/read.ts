import { type Kysely, sql } from 'kysely';
import type { Database } from '../storage/database.ts';
import { type ExceptionRecord, recordOf } from './record.ts';

/** One exception with its votes, or undefined. */
export async function readException(read: Kysely<Database>, id: string): Promise<ExceptionRecord | undefined> {
  const [record] = await readRecords(read, (query) => query.where('id', '=', id));
  return record;
}

/** The exceptions of a device that wait or were approved and have not been ended, newest first. */
export async function readOpenExceptions(read: Kysely<Database>, deviceId: string): Promise<ExceptionRecord[]> {
  return await readRecords(read, (query) =>
    query.where('device_id', '=', deviceId).where('state', 'in', ['pending', 'active']),
  );
}

/** Open exceptions whose time is over, oldest first: the ones to be announced. */
export async function readOverdue(read: Kysely<Database>, now: number, limit: number): Promise<ExceptionRecord[]> {
  return await readRecords(read, (query) =>
    query
      .where((where) =>
        where.or([
          where.and([where('state', '=', 'pending'), where('lapses_at', '<=', now)]),
          where.and([where('state', '=', 'active'), where('expires_at', '<=', now)]),
        ]),
      )
      .orderBy('requested_at')
      .limit(limit),
  );
}

/** The exceptions that led to this one by extension, nearest first. Bounded: the cumulative cap ends every chain. */
export async function readPredecessors(read: Kysely<Database>, extendsId: string | null): Promise<ExceptionRecord[]> {
  const chain: ExceptionRecord[] = [];
  let next = extendsId;
  while (next !== null && chain.length < 64) {
    const record = await readException(read, next);
    if (record === undefined) break;
    chain.push(record);
    next = record.extendsId;
  }
  return chain;
}

type ExceptionQuery = ReturnType<typeof exceptionQuery>;

function exceptionQuery(read: Kysely<Database>) {
  return read.selectFrom('exceptions').selectAll();
}

async function readRecords(
  read: Kysely<Database>,
  narrow: (query: ExceptionQuery) => ExceptionQuery,
): Promise<ExceptionRecord[]> {
  const rows = await narrow(exceptionQuery(read))
    .orderBy(sql`id desc`)
    .execute();
  if (rows.length === 0) return [];
  const decisions = await read
    .selectFrom('exception_decisions')
    .selectAll()
    .where(
      'exception_id',
      'in',
      rows.map((row) => row.id),
    )
    .execute();
  return rows.map((row) => recordOf(row, decisions));
}
