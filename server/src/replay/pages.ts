import type { Kysely } from 'kysely';
import { type DeviceFacts, deviceQuery, factsOf } from '../devices/index.ts';
import type { Database } from '../storage/database.ts';

/** Devices read in one query. */
const size = 500;

/** How many devices there are to replay. */
export async function countDevices(read: Kysely<Database>): Promise<number> {
  const { devices } = await read
    .selectFrom('devices')
    .select((select) => select.fn.countAll<number | string>().as('devices'))
    .where('state', '=', 'active')
    .executeTakeFirstOrThrow();
  return Number(devices);
}

/** All active devices with what decisions about them need, by id, in pages of one query each. */
export async function* activeDevices(read: Kysely<Database>): AsyncGenerator<DeviceFacts[]> {
  for (let after = ''; ;) {
    const rows = await deviceQuery(read)
      .where('devices.id', 'in', (select) =>
        select
          .selectFrom('devices as page')
          .select('page.id')
          .where('page.state', '=', 'active')
          .where('page.id', '>', after)
          .orderBy('page.id')
          .limit(size),
      )
      .orderBy('devices.id')
      .execute();
    const devices = [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((ofDevice) => factsOf(ofDevice) ?? []);
    const last = devices.at(-1);
    if (last === undefined) return;
    yield devices;
    if (devices.length < size) return;
    after = last.id;
  }
}
