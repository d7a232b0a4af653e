import type { Deps } from '../deps.ts';
import type { DeviceFacts } from '../devices/index.ts';
import type { Readings } from '@postern/shared/protocol/reading';
import { type Change, insert } from '../storage/change.ts';
import { hardwareOf, type IdentifierKey } from './hardware.ts';

type Read = Deps['store']['read'];

/**
 * What puts on record which hardware a device reported, as far as it is not there yet. Every value that was ever
 * reported stays: a board that was replaced is still one that this device had.
 */
export async function hardwareRecords(
  read: Read,
  deviceId: string,
  readings: Readings,
  key: IdentifierKey,
): Promise<Change[]> {
  const known = await read.selectFrom('hardware').select(['field', 'hash']).where('device_id', '=', deviceId).execute();
  return Object.entries(hardwareOf(readings, key))
    .filter(([field, hash]) => !known.some((row) => row.field === field && row.hash === hash))
    .map(([field, hash]) => insert('hardware', { device_id: deviceId, field, hash }));
}

/**
 * The suspended or quarantined device that had any of this hardware: enrolling the machine anew must not be the way
 * out. A retired one does not count: retiring is how an admin says that the machine may start over.
 *
 * @returns the id of the newest such device
 */
export async function barredDeviceOn(
  read: Read,
  { id }: DeviceFacts,
  readings: Readings,
  key: IdentifierKey,
): Promise<string | undefined> {
  const hardware = Object.entries(hardwareOf(readings, key));
  if (hardware.length === 0) return undefined;
  const row = await read
    .selectFrom('hardware')
    .innerJoin('devices', 'devices.id', 'hardware.device_id')
    .select('devices.id')
    .where('devices.id', '!=', id)
    .where('devices.state', '!=', 'retired')
    .where((where) =>
      where.or([where('devices.state', '=', 'suspended'), where('devices.quarantine_cause', 'is not', null)]),
    )
    .where((where) =>
      where.or(
        hardware.map(([field, hash]) =>
          where.and([where('hardware.hash', '=', hash), where('hardware.field', '=', field)]),
        ),
      ),
    )
    .orderBy('devices.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
