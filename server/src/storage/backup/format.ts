import { z } from 'zod';
import { tableNames } from '../tables.ts';

/**
 * A backup is JSON Lines: a header, then for each table a line that names it and its columns and a line for each row
 * (an array, in the order of the columns), then a trailer. It is the same for both stores.
 */
export const backupFormat = 'postern-backup';

const headSchema = z.strictObject({ seq: z.int().min(0), hash: z.string() });

export const headerSchema = z.strictObject({
  format: z.literal(backupFormat),
  version: z.literal(1),
  /** Newest migration of the database that it was taken from. */
  schema: z.string(),
  createdAt: z.iso.datetime(),
  chain: z.strictObject({ id: z.string(), head: headSchema }),
});
export type BackupHeader = z.infer<typeof headerSchema>;

export const tableLineSchema = z.strictObject({ table: z.enum(tableNames), columns: z.array(z.string()).min(1) });

const valueSchema = z.union([z.string(), z.int(), z.null()]);
export const rowSchema = z.array(valueSchema);
export type BackupRow = z.infer<typeof rowSchema>;

export const trailerSchema = z.strictObject({
  end: z.literal(true),
  rows: z.partialRecord(z.enum(tableNames), z.int()),
  /** SHA-256, base64url, over all bytes before this line. */
  sha256: z.string(),
});

export interface BackupSummary extends BackupHeader {
  rows: Readonly<Record<string, number>>;
  sha256: string;
}

export type BackupProblem = 'damaged' | 'chain' | 'schema' | 'not-empty';

/** Why a backup cannot be read or restored. Nothing was changed. */
export class BackupError extends Error {
  readonly problem: BackupProblem;
  constructor(problem: BackupProblem, message: string) {
    super(message);
    this.name = 'BackupError';
    this.problem = problem;
  }
}

export type Progress = (step: { table: string; rows: number }) => void;
