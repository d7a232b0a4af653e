import { toId } from '@postern/shared/ids';
import { day, type Instant, toTimestamp } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import { nextEpoch } from '../policy/index.ts';
import { deleteAny, insert, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { type Place, readCandidate, readCandidates, readEpoch } from './candidates.ts';
import { doubted } from './decide.ts';

export type WatchDeps = Pick<Deps, 'store' | 'random' | 'log'> & {
  config: Pick<Deps['config'], 'brake'>;
  metrics: Pick<Metrics, 'brakesHolding'>;
};

/** For the lists of past brakes; deciding looks at the last minutes only. */
const keepFlipsMs = 30 * day;
const mostNamed = 200;

/**
 * Announces brakes that ended by themselves, and opens one wherever a check went wrong on many devices of one build at
 * once. Safe on several nodes: a database constraint lets one open it.
 */
export async function watchBrakes(deps: WatchDeps, now: Instant): Promise<void> {
  await unlessTaken(() => announceExpired(deps, now));
  for (const place of await readCandidates(deps.store.read, deps.config.brake, now))
    await unlessTaken(() => openWhereDoubted(deps, place, now));
  const { holding } = await deps.store.read
    .selectFrom('brakes')
    .select((select) => select.fn.countAll<number>().as('holding'))
    .where('state', '=', 'holding')
    .where('ends_at', '>', now)
    .executeTakeFirstOrThrow();
  deps.metrics.brakesHolding(holding);
}

/** Forgets which devices changed long ago. */
export async function forgetFlips({ store }: Pick<Deps, 'store'>, now: Instant): Promise<void> {
  await store.commit({ changes: [deleteAny('check_flips', { at: { lte: now - keepFlipsMs } })], audit: [] });
}

async function openWhereDoubted(deps: WatchDeps, place: Place, now: Instant): Promise<void> {
  const { store, config, random, log } = deps;
  const { turned, devicesOfBuild, decidedAt, epoch } = await readCandidate(store.read, place, config.brake, now);
  const found = doubted(turned, devicesOfBuild, config.brake, decidedAt, now);
  if (found === undefined) return;
  const { check, platform, build } = place;
  const id = toId('brake', random.uuid());
  const endsAt = now + config.brake.holdMs;
  const counts = { devices: found.devices.length, devicesOfBuild };
  await store.commit({
    changes: [
      nextEpoch(epoch),
      insert('brakes', {
        id,
        check_id: check,
        platform,
        os_build: build,
        flips_since: found.flipsSince,
        opened_at: now,
        ends_at: endsAt,
        devices: counts.devices,
        devices_of_build: devicesOfBuild,
        state: 'holding',
        decided_by: null,
        decided_at: null,
        reason: null,
        version: 1,
      }),
    ],
    audit: [
      {
        at: now,
        type: 'brake.opened',
        outcome: 'success',
        actor: systemActor,
        subject: { kind: 'brake', id },
        data: {
          ...place,
          ...counts,
          flipsSince: toTimestamp(found.flipsSince),
          endsAt: toTimestamp(endsAt),
          held: found.devices.slice(0, mostNamed).map(({ deviceId }) => deviceId),
        },
      },
    ],
  });
  log.warn(
    { brake: id, ...place, ...counts, until: toTimestamp(endsAt) },
    'regression brake: a check stopped passing on many devices of one build at once; its last verdict is held until an admin decides',
  );
}

/** At every use the time itself decides (policy/hold.ts), whether or not this ever ran. */
async function announceExpired({ store, log }: WatchDeps, now: Instant): Promise<void> {
  const over = await store.read
    .selectFrom('brakes')
    .select(['id', 'version', 'check_id', 'os_build'])
    .where('state', '=', 'holding')
    .where('ends_at', '<=', now)
    .execute();
  if (over.length === 0) return;
  const epoch = await readEpoch(store.read);
  await store.commit({
    changes: [
      nextEpoch(epoch),
      ...over.map(({ id, version }) =>
        updateOne('brakes', { id, version, state: 'holding' }, { state: 'expired', version: version + 1 }),
      ),
    ],
    audit: over.map(({ id, check_id: check, os_build: build }) => ({
      at: now,
      type: 'brake.expired',
      outcome: 'success',
      actor: systemActor,
      subject: { kind: 'brake', id },
      data: { check, build },
    })),
  });
  log.warn({ brakes: over.map(({ id }) => id) }, 'regression brake: nobody decided; the readings are judged again');
}

/** Another node, or an admin, was faster: the next run sees what came of it. */
async function unlessTaken(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}
