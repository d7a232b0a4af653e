import { decodeJwt } from 'jose';
import type { Kysely } from 'kysely';
import type { DeviceHistoryItem } from '@postern/shared/protocol/fleet';
import { Fault } from '@postern/shared/protocol/errors';
import type { Readings } from '@postern/shared/protocol/reading';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Database } from '../storage/database.ts';
import { checkChanges, verdictChange } from './history-changes.ts';

/**
 * What the reports of a device changed, newest first: its verdict, which is kept for good, and its readings, as far back as
 * signed texts are. Each report stands once, whichever of the two it changed.
 *
 * @throws Fault not_found
 */
export async function deviceHistory(
  read: Kysely<Database>,
  id: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ items: DeviceHistoryItem[]; next: string | null }> {
  const device = await read.selectFrom('devices').select('id').where('id', '=', id).executeTakeFirst();
  if (device === undefined) throw new Fault('not_found');
  const before = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
  // One more of each is what the oldest of the page is compared with.
  const [verdicts, documents] = await Promise.all([
    readVerdicts(read, id, before, limit + 1),
    readDocuments(read, id, before, limit + 1),
  ]);
  const times = new Map<number, Instant>([
    ...documents.map(({ seq, received_at: at }): [number, Instant] => [seq, at]),
    ...verdicts.map(({ seq, at }): [number, Instant] => [seq, at]),
  ]);
  const seqs = [...times.keys()].toSorted((a, b) => b - a);
  const items = seqs.slice(0, limit).map((seq) => ({
    seq,
    at: toTimestamp(times.get(seq) ?? 0),
    verdict: verdictAt(verdicts, seq),
    checks: checksAt(documents, seq),
  }));
  return { items, next: seqs.length > limit ? String(seqs[limit - 1]) : null };
}

type VerdictRow = Awaited<ReturnType<typeof readVerdicts>>[number];
type DocumentRow = Awaited<ReturnType<typeof readDocuments>>[number];

async function readVerdicts(read: Kysely<Database>, id: string, before: number, limit: number) {
  return await read
    .selectFrom('verdicts')
    .select(['seq', 'at', 'status', 'policies', 'rules'])
    .where('device_id', '=', id)
    .where('seq', '<', before)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

async function readDocuments(read: Kysely<Database>, id: string, before: number, limit: number) {
  return await read
    .selectFrom('attestation_documents')
    .select(['seq', 'received_at', 'jws'])
    .where('device_id', '=', id)
    .where('seq', '<', before)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
}

function verdictAt(verdicts: readonly VerdictRow[], seq: number): DeviceHistoryItem['verdict'] {
  const index = verdicts.findIndex((row) => row.seq === seq);
  const row = verdicts[index];
  return row === undefined ? null : verdictChange(verdicts[index + 1], row);
}

function checksAt(documents: readonly DocumentRow[], seq: number): DeviceHistoryItem['checks'] {
  const index = documents.findIndex((row) => row.seq === seq);
  const row = documents[index];
  const before = documents[index + 1];
  if (row === undefined) return null;
  if (before === undefined && seq !== 1) return null;
  return checkChanges(before === undefined ? {} : readingsIn(before), readingsIn(row));
}

function readingsIn({ jws }: DocumentRow): Readings {
  return decodeJwt(jws)['readings'] as Readings;
}
