import { own } from '@postern/shared/own';
import type { Platform } from '@postern/shared/checks/define';
import type { Id } from '@postern/shared/ids';
import type { BrakeDetail, BrakeView } from '@postern/shared/protocol/brake';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Flips } from '../policy/index.ts';
import type { Database } from '../storage/database.ts';
import type { Store } from '../storage/store.ts';
import { latestEnd } from './act.ts';

type Read = Store['read'];
type BrakeRow = Database['brakes'];

const mostShown = 50;

/** Brakes, newest first. */
export async function listBrakes(
  read: Read,
  { after, limit }: { after?: string | undefined; limit: number },
  now: Instant,
) {
  let query = brakeRows(read)
    .orderBy('brakes.id', 'desc')
    .limit(limit + 1);
  if (after !== undefined) query = query.where('brakes.id', '<', after);
  const rows = await query.execute();
  const items = rows.slice(0, limit).map((row) => present(row, now));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** One brake with the devices that it is about; undefined when there is none of that id. */
export async function readBrake(read: Read, id: string, now: Instant): Promise<BrakeDetail | undefined> {
  const row = await brakeRows(read).where('brakes.id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const brake = present(row, now);
  const concerned = read
    .selectFrom((from) =>
      from
        .selectFrom('check_flips')
        .select((select) => ['device_id', select.fn.max('at').as('at')])
        .where('check_id', '=', row.check_id)
        .where('platform', '=', row.platform)
        .where('os_build', '=', row.os_build)
        .where('at', '>=', row.flips_since)
        .where('at', '<', row.state === 'released' ? (row.decided_at ?? row.ends_at) : row.ends_at)
        .groupBy('device_id')
        .as('turned'),
    )
    .innerJoin('devices', 'devices.id', 'turned.device_id');
  const [{ total }, devices] = await Promise.all([
    concerned.select((select) => select.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    concerned
      .innerJoin('users', 'users.id', 'devices.owner_id')
      .leftJoin('postures', 'postures.device_id', 'devices.id')
      .select(['devices.id', 'devices.name', 'users.id as owner_id', 'users.name as owner_name', 'turned.at'])
      .select(['postures.readings', 'postures.flips', 'postures.os_build'])
      .orderBy('turned.at')
      .orderBy('devices.id')
      .limit(mostShown)
      .execute(),
  ]);
  const affected = devices.map((device) => {
    const flips = device.flips === null ? {} : (JSON.parse(device.flips) as Flips);
    const readings = device.readings === null ? {} : (JSON.parse(device.readings) as Readings);
    const flip = own(flips, row.check_id);
    const isThat = flip !== undefined && flip.at === device.at && device.os_build === row.os_build;
    return {
      id: device.id as Id<'device'>,
      name: device.name,
      owner: { id: device.owner_id as Id<'user'>, name: device.owner_name },
      changedAt: toTimestamp(device.at),
      held: isThat && brake.state === 'holding',
      before: isThat ? flip.before : null,
      after: own<Reading>(readings, row.check_id) ?? null,
    };
  });
  return { ...brake, affected, affectedTotal: total };
}

function brakeRows(read: Read) {
  return read
    .selectFrom('brakes')
    .leftJoin('users', 'users.id', 'brakes.decided_by')
    .selectAll('brakes')
    .select('users.name as decider');
}

function present(row: BrakeRow & { decider: string | null }, now: Instant): BrakeView {
  const isOver = row.state === 'holding' && now >= row.ends_at;
  return {
    id: row.id as Id<'brake'>,
    check: row.check_id,
    platform: row.platform as Platform,
    build: row.os_build,
    // The time itself decides; that it was announced is another matter.
    state: isOver ? 'expired' : (row.state as BrakeView['state']),
    flipsSince: toTimestamp(row.flips_since),
    openedAt: toTimestamp(row.opened_at),
    endsAt: toTimestamp(row.ends_at),
    latestEnd: toTimestamp(latestEnd(row)),
    devices: row.devices,
    devicesOfBuild: row.devices_of_build,
    decidedBy:
      row.decided_by === null ? null : { id: row.decided_by as Id<'user'>, name: row.decider ?? row.decided_by },
    decidedAt: toTimestampOrNull(row.decided_at),
    reason: row.reason,
  };
}
