import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { z } from 'zod';
import { type ChainRow, verifyChain } from '../../audit/chain.ts';
import type { Database, TableName } from '../database.ts';
import { schemaVersion } from '../migrations/index.ts';
import { tableOf } from '../tables.ts';
import { type Shape, shapeOf } from './older-schemas.ts';
import {
  BackupError,
  type BackupHeader,
  type BackupRow,
  type BackupSummary,
  headerSchema,
  rowSchema,
  tableLineSchema,
  trailerSchema,
} from './format.ts';

/** A line is one row; the largest holds one signed document. */
const maxLineBytes = 64 * 1024 * 1024;

export type BackupItem =
  | { kind: 'header'; header: BackupHeader }
  | { kind: 'table'; table: TableName }
  | { kind: 'row'; table: TableName; row: BackupRow }
  | { kind: 'trailer'; rows: Readonly<Record<string, number>>; sha256: string };

/**
 * Reads a backup from beginning to end, and checks as it goes: form, columns, types, counts and the digest over
 * all. Rows of an older schema come out as those of today. Throws BackupError. Whoever acts on the items before the trailer acts on what may yet prove damaged.
 */
export async function* readBackup(file: string): AsyncGenerator<BackupItem> {
  const digest = createHash('sha256');
  const counts: Record<string, number> = {};
  let table: TableName | undefined;
  let shape: Shape | undefined;
  let isDone = false;
  for await (const { bytes, number } of linesOf(file)) {
    const line = parseLine(bytes, number);
    if (shape === undefined) {
      const header = check(headerSchema, line, number);
      shape = knownShape(header);
      yield { kind: 'header', header };
    } else if (isDone) throw damaged('goes on after its end');
    else if (Array.isArray(line)) {
      if (table === undefined) throw damaged(`line ${number}: a row before the first table`);
      yield { kind: 'row', table, row: checkRow(shape, table, line, number) };
      counts[table] = (counts[table] ?? 0) + 1;
    } else if (typeof line === 'object' && line !== null && 'table' in line) {
      table = checkTable(shape, line, Object.keys(counts).length, number);
      counts[table] = 0;
      yield { kind: 'table', table };
    } else {
      const trailer = check(trailerSchema, line, number);
      if (Object.keys(counts).length !== shape.tables.length) throw damaged('lacks tables');
      if (shape.tables.some((name) => trailer.rows[name] !== counts[name])) throw damaged('has lost or gained rows');
      if (trailer.sha256 !== digest.digest('base64url')) throw damaged('was altered: its digest is another');
      yield { kind: 'trailer', rows: counts, sha256: trailer.sha256 };
      isDone = true;
      continue;
    }
    digest.update(bytes).update('\n');
  }
  if (!isDone) throw damaged('ends too early');
}

/**
 * Checks a whole backup, the audit chain in it too, without touching any database. Throws BackupError.
 */
export async function inspect(file: string): Promise<BackupSummary> {
  let header: BackupHeader | undefined;
  let summary: BackupSummary | undefined;
  for await (const item of readBackup(file)) {
    if (item.kind === 'header') ({ header } = item);
    if (item.kind === 'trailer' && header !== undefined) summary = { ...header, rows: item.rows, sha256: item.sha256 };
  }
  if (summary === undefined) throw damaged('is empty');
  const { id, head } = summary.chain;
  const verdict = await verifyChain(chainRows(file), { chainId: id, head });
  if (verdict.outcome !== 'intact') {
    throw new BackupError('chain', `the audit chain in the backup is ${verdict.outcome} at entry ${verdict.seq}`);
  }
  if (verdict.head.seq !== head.seq)
    throw new BackupError('chain', 'the audit chain in the backup is longer than its header says');
  return summary;
}

/** The audit chain in a backup, each entry with the text that stands beside it. Both are in order of their numbers. */
export async function* chainRows(file: string): AsyncGenerator<ChainRow> {
  const texts = textsOf(file);
  try {
    let next = await texts.next();
    for await (const row of rowsOf(file, 'audit')) {
      while (next.done !== true && next.value.seq < row.seq) next = await texts.next();
      const text = next.done !== true && next.value.seq === row.seq ? next.value : null;
      yield { ...row, salt: text?.salt ?? null, text: text?.text ?? null };
    }
  } finally {
    await texts.return(undefined);
  }
}

/** Ends where the file is damaged: the pass over the entries meets that too, but after it has told of them. */
async function* textsOf(file: string): AsyncGenerator<Database['audit_texts']> {
  try {
    yield* rowsOf(file, 'audit_texts');
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
  }
}

/** checkRow held each row to the columns of its table. */
async function* rowsOf<T extends TableName>(file: string, table: T): AsyncGenerator<Database[T]> {
  const columns = Object.keys(tableOf(table).columns);
  for await (const item of readBackup(file)) {
    if (item.kind !== 'row' || item.table !== table) continue;
    yield Object.fromEntries(columns.map((column, index) => [column, item.row[index]])) as unknown as Database[T];
  }
}

/** Lines end with LF alone: other line separators may stand in the text of a row. */
async function* linesOf(file: string): AsyncGenerator<{ bytes: Buffer; number: number }> {
  let rest: Buffer[] = [];
  let size = 0;
  let number = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      number += 1;
      yield { bytes: Buffer.concat([...rest, chunk.subarray(start, end)]), number };
      rest = [];
      size = 0;
      start = end + 1;
    }
    size += chunk.length - start;
    if (size > maxLineBytes) throw damaged(`line ${number + 1} is too long`);
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (size > 0) throw damaged('ends in the middle of a line');
}

function parseLine(bytes: Buffer, number: number): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw damaged(`line ${number} is not JSON`);
  }
}

function check<Schema extends z.ZodType>(schema: Schema, line: unknown, number: number): z.output<Schema> {
  const result = schema.safeParse(line);
  if (!result.success) throw damaged(`line ${number} is not what a backup has there`);
  return result.data;
}

function knownShape({ schema }: BackupHeader): Shape {
  const shape = shapeOf(schema);
  if (shape === undefined)
    throw new BackupError('schema', `the backup has schema ${schema}, this program ${schemaVersion}`);
  return shape;
}

function checkTable(shape: Shape, line: unknown, index: number, number: number): TableName {
  const { table, columns } = check(tableLineSchema, line, number);
  const expected = [...shape.columnsOf(table).keys()];
  if (table !== shape.tables[index]) throw damaged(`line ${number}: table ${table} is out of order`);
  if (columns.join(',') !== expected.join(',')) throw damaged(`line ${number}: table ${table} has other columns`);
  return table;
}

function checkRow(shape: Shape, table: TableName, line: unknown, number: number): BackupRow {
  const row = check(rowSchema, line, number);
  const kinds = [...shape.columnsOf(table).values()];
  const fits = row.every((value, index) => {
    const kind = kinds[index];
    if (value === null) return kind?.endsWith('?') === true;
    return kind?.startsWith(typeof value === 'string' ? 'text' : 'integer') === true;
  });
  if (row.length !== kinds.length || !fits) throw damaged(`line ${number} does not fit table ${table}`);
  return shape.current(table, row);
}

function damaged(what: string): BackupError {
  return new BackupError('damaged', `the backup ${what}`);
}
