import type { Kysely } from 'kysely';
import { decodeJwt } from 'jose';
import type { EvidenceRule } from '@postern/shared/protocol/evidence';
import type { Readings } from '@postern/shared/protocol/reading';
import { toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import { describeValue } from '../../policy/index.ts';
import type { RuleReference } from '../../policy/types.ts';
import type { Database } from '../../storage/database.ts';

type Read = Kysely<Database>;

/**
 * When a rule last passed on a device, and what was reported then: by the verdicts, which are kept for good, and the
 * attestations, which are thinned with age. Null where no verdict shows it: it never passed, or is for some resources only.
 *
 * @param check what the rule looks at; null where that is not known any more
 */
export async function readLastGood(
  read: Read,
  deviceId: string,
  { reference, check }: { reference: RuleReference; check: string | null },
): Promise<EvidenceRule['lastGood']> {
  const verdicts = read
    .selectFrom('verdicts')
    .select(['at', 'seq'])
    .where('device_id', '=', deviceId)
    // As canonical JSON has it. A reference has no quotes, and no character that stands for another.
    .where('rules', 'like', `%"${reference}":{"outcome":"pass"%`);
  const last = await verdicts.orderBy('at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
  if (last === undefined) return null;
  const [end, start] = await Promise.all([
    read
      .selectFrom('verdicts')
      .select(['at', 'seq'])
      .where('device_id', '=', deviceId)
      .where('at', '>', last.at)
      .orderBy('at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst(),
    readStart(read, deviceId, reference, last.at),
  ]);
  const seq = end === undefined ? Number.MAX_SAFE_INTEGER : Math.max(last.seq, end.seq - 1);
  return {
    from: toTimestamp(start),
    until: toTimestampOrNull(end?.at ?? null),
    observed: check === null ? null : await readObserved(read, deviceId, check, seq),
  };
}

/** When the time began in which it passed without a break. */
async function readStart(read: Read, deviceId: string, reference: RuleReference, until: number): Promise<number> {
  const broken = await read
    .selectFrom('verdicts')
    .select('at')
    .where('device_id', '=', deviceId)
    .where('at', '<', until)
    .where('rules', 'not like', `%"${reference}":{"outcome":"pass"%`)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const first = await read
    .selectFrom('verdicts')
    .select('at')
    .where('device_id', '=', deviceId)
    .where('at', '>', broken?.at ?? -1)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst();
  return first?.at ?? until;
}

/** What a check reported in the attestation of that sequence number, whose text is kept where it differs from the one before. */
async function readObserved(read: Read, deviceId: string, check: string, seq: number): Promise<string | null> {
  const document = await read
    .selectFrom('attestation_documents')
    .select('jws')
    .where('device_id', '=', deviceId)
    .where('seq', '<=', seq)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (document === undefined) return null;
  const reading = (decodeJwt(document.jws)['readings'] as Readings | undefined)?.[check];
  return reading?.status === 'ok' ? describeValue(reading.value) : null;
}

/** Since when verdicts of a device are known; null: there is none. */
export async function readRecordedSince(read: Read, deviceId: string): Promise<number | null> {
  const row = await read
    .selectFrom('verdicts')
    .select((select) => select.fn.min('at').as('at'))
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  return row?.at ?? null;
}
