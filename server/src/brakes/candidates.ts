import { own } from '@postern/shared/own';
import { setImmediate as othersFirst } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Platform } from '@postern/shared/checks/define';
import { day, type Instant } from '@postern/shared/time';
import type { Config } from '../config.ts';
import type { Flips } from '../policy/index.ts';
import type { Store } from '../storage/store.ts';
import type { Turned } from './decide.ts';

type Read = Store['read'];

/** A check on a build. */
export interface Place {
  check: string;
  platform: Platform;
  build: string;
}

/** A machine in a drawer has no say in what share of a build turned. */
const lateMs = day;
const atOnce = 500;

/** Where enough devices turned lately to look closer, and nothing holds yet. */
export async function readCandidates(
  read: Read,
  { windowMs, devices }: Config['brake'],
  now: Instant,
): Promise<Place[]> {
  const rows = await read
    .selectFrom('check_flips')
    .select(['check_id', 'platform', 'os_build'])
    .where('at', '>', now - windowMs)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('brakes')
            .select('brakes.id')
            .whereRef('brakes.check_id', '=', 'check_flips.check_id')
            .whereRef('brakes.platform', '=', 'check_flips.platform')
            .whereRef('brakes.os_build', '=', 'check_flips.os_build')
            .where('brakes.state', '=', 'holding'),
        ),
      ),
    )
    .groupBy(['check_id', 'platform', 'os_build'])
    .having((having) => having.fn.count<number>('check_flips.device_id').distinct(), '>=', devices)
    .execute();
  return rows.map((row) => ({ check: row.check_id, platform: row.platform as Platform, build: row.os_build }));
}

/** What is known of one candidate: who turned and did not turn back, of how many, and when somebody decided last. */
export async function readCandidate(read: Read, place: Place, config: Config['brake'], now: Instant) {
  const { check, platform, build } = place;
  // Before anything else: what changes after it is noticed by its guard.
  const epoch = await readEpoch(read);
  const last = await read
    .selectFrom('brakes')
    .select(sql<number | null>`max(case when state = 'released' then decided_at else ends_at end)`.as('at'))
    .where('check_id', '=', check)
    .where('platform', '=', platform)
    .where('os_build', '=', build)
    .executeTakeFirst();
  const decidedAt = last?.at ?? null;
  const turned = await readTurned(read, place, Math.max(now - config.windowMs, decidedAt ?? 0));
  const { devices: devicesOfBuild } = await read
    .selectFrom('postures')
    .innerJoin('devices', 'devices.id', 'postures.device_id')
    .innerJoin('evidence', 'evidence.device_id', 'devices.id')
    .select((select) => select.fn.countAll<number>().as('devices'))
    .where('postures.os_build', '=', build)
    .where('devices.platform', '=', platform)
    .where('devices.state', '=', 'active')
    .where('evidence.received_at', '>', now - Math.max(config.windowMs, lateMs))
    .executeTakeFirstOrThrow();
  return { turned, devicesOfBuild, decidedAt, epoch };
}

/** Page by page, and requests go first: half a fleet may have turned, and this looks again every few seconds. */
async function readTurned(read: Read, { check, platform, build }: Place, since: Instant): Promise<Turned[]> {
  const turned: Turned[] = [];
  for (let after = ''; ;) {
    const page = await read
      .selectFrom('check_flips')
      .innerJoin('devices', 'devices.id', 'check_flips.device_id')
      .innerJoin('users', 'users.id', 'devices.owner_id')
      .innerJoin('postures', 'postures.device_id', 'devices.id')
      .select(['devices.id', 'devices.owner_id', 'postures.flips'])
      .where('check_flips.check_id', '=', check)
      .where('check_flips.platform', '=', platform)
      .where('check_flips.os_build', '=', build)
      .where('check_flips.device_id', '>', after)
      .where('check_flips.at', '>', since)
      .where('postures.os_build', '=', build)
      .where('devices.state', '=', 'active')
      .where('devices.quarantine_cause', 'is', null)
      .where('users.active', '=', 1)
      .orderBy('check_flips.device_id')
      .limit(atOnce)
      .execute();
    for (const row of page) {
      const flips = JSON.parse(row.flips) as Flips;
      const flip = own(flips, check);
      if (flip !== undefined) turned.push({ deviceId: row.id, ownerId: row.owner_id, at: flip.at });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < atOnce) return turned;
    after = last.id;
    await othersFirst();
  }
}

/** Of the rulebook, which brakes are part of. */
export async function readEpoch(read: Read): Promise<string> {
  const row = await read.selectFrom('meta').select('value').where('key', '=', 'policy_epoch').executeTakeFirst();
  return row?.value ?? '';
}
