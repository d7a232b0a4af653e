import { Fault } from '@postern/shared/protocol/errors';
import type { ResourceTier } from '@postern/shared/protocol/resource';
import type { Instant } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { nextEpoch } from '../policy/index.ts';
import { deleteOne, insert, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { knownResources } from './resources.ts';

interface Classification {
  name: string;
  title: string | null;
  /** Null takes the tier away: then policies for any tier apply. */
  tier: ResourceTier | null;
}

/**
 * Gives a resource a tier, changes it or takes it away. Policies ask for tiers, so this changes verdicts at once.
 *
 * @throws Fault resource_unknown when no gateway protects it; conflict
 */
export async function classifyResource(
  { store }: Pick<Deps, 'store'>,
  { name, title, tier }: Classification,
  actor: Actor,
  now: Instant,
): Promise<void> {
  const row = await store.read
    .selectFrom('meta')
    .leftJoin('resources', (join) => join.on('resources.name', '=', name))
    .select(['meta.value as epoch', 'resources.tier'])
    .where('meta.key', '=', 'policy_epoch')
    .executeTakeFirstOrThrow();
  if (tier !== null && !(await knownResources(store.read)).has(name)) {
    throw new Fault('resource_unknown', { details: [{ path: 'body.name', message: 'no gateway protects it' }] });
  }
  if (tier === null && row.tier === null) return;
  const change =
    tier === null
      ? deleteOne('resources', { name })
      : row.tier === null
        ? insert('resources', { name, title, tier, access: null })
        : updateOne('resources', { name }, { title, tier });
  try {
    await store.commit({
      changes: [nextEpoch(row.epoch), change],
      audit: [
        {
          at: now,
          type: 'resource.classified',
          outcome: 'success',
          actor,
          subject: { kind: 'resource', id: name },
          data: { from: row.tier, to: tier },
        },
      ],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
}
