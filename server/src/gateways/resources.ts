import { sql } from 'kysely';
import type { Store } from '../storage/store.ts';

/**
 * Names the state of all gateways, for one more column of a query that is made anyway. Gateways are added and removed,
 * never changed: each step raises one of the two counts, so that no two states share a name.
 */
export const resourceEpoch = sql<string>`(select count(*) || '/' || count(removed_at) from gateways)`;

/** The resources that gateways protect, kept in memory for as long as the epoch stands. */
export interface Resources {
  at(epoch: string): Promise<ReadonlySet<string>>;
}

export function createResources(store: Pick<Store, 'read'>): Resources {
  let known: { epoch: string; names: ReadonlySet<string> } | undefined;
  return {
    async at(epoch) {
      if (known?.epoch === epoch) return known.names;
      const rows = await gatewayRows(store.read);
      const names = namesOf(rows);
      // Filed under the epoch of this read: it may be newer than the one that was asked for.
      known = { epoch: rows[0]?.epoch ?? epoch, names };
      return names;
    },
  };
}

/** The resources that gateways protect now, for whoever does not read an epoch anyway. */
export async function knownResources(read: Store['read']): Promise<ReadonlySet<string>> {
  return namesOf(await gatewayRows(read));
}

async function gatewayRows(read: Store['read']) {
  return read
    .selectFrom('gateways')
    .select(['resources', 'removed_at', resourceEpoch.as('epoch')])
    .execute();
}

function namesOf(rows: Awaited<ReturnType<typeof gatewayRows>>): ReadonlySet<string> {
  const inForce = rows.filter((row) => row.removed_at === null);
  return new Set(inForce.flatMap((row) => JSON.parse(row.resources) as string[]));
}
