import { type Kysely, sql } from 'kysely';
import { type DeviceFacts, deviceQuery, factsOf } from '../devices/index.ts';
import type { Database } from '../storage/database.ts';
import { preparedQuery } from '../storage/prepared-query.ts';
import type { RecordedVerdict } from './verdict-history.ts';

/** What judging an attestation needs of the past. */
export interface AttestingDevice {
  facts: DeviceFacts;
  /** The newest row of the verdict history. */
  lastVerdict: RecordedVerdict | null;
}

const rowsByKey = preparedQuery((read, jkt) =>
  deviceQuery(read)
    .leftJoin('verdicts', (join) =>
      join.on('verdicts.id', '=', (select) =>
        select
          .selectFrom('verdicts as newest')
          .select('newest.id')
          .whereRef('newest.device_id', '=', 'devices.id')
          .orderBy('newest.at', 'desc')
          .orderBy('newest.id', 'desc')
          .limit(sql.lit(1)),
      ),
    )
    .select(['verdicts.status as verdict_status', 'verdicts.rules as verdict_rules'])
    .where('devices.jkt', '=', jkt),
);

/** Reads the device that has this key, and its last verdict, in one round trip; undefined when no device has it. */
export async function readAttestingDevice(read: Kysely<Database>, jkt: string): Promise<AttestingDevice | undefined> {
  const rows = await rowsByKey(read, jkt);
  const facts = factsOf(rows);
  const [row] = rows;
  if (facts === undefined || row === undefined) return undefined;
  const { verdict_status: status, verdict_rules: rules } = row;
  return { facts, lastVerdict: status === null || rules === null ? null : { status, rules } };
}
