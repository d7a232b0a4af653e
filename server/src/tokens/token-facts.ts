import { LRUCache } from 'lru-cache';
import { deviceQuery, type DeviceFacts, factsOf } from '../devices/index.ts';
import { resourceEpoch } from '../gateways/index.ts';
import { preparedQuery } from '../storage/prepared-query.ts';
import type { Basis, Store } from '../storage/store.ts';

const rowsById = preparedQuery((read, id) =>
  deviceQuery(read)
    .where('devices.id', '=', id)
    .select([resourceEpoch.as('resource_epoch'), 'exceptions.version as exception_version']),
);

/** All that the decision needs. */
export interface TokenFacts {
  facts: DeviceFacts;
  /** Of the resources. */
  epoch: string;
  /** Of the exceptions in the facts. */
  versions: ReadonlyMap<string, number>;
  /** For the unit of what is decided by them. Undefined where the store keeps nothing. */
  basis: Basis | undefined;
}

export interface TokenFactsReader {
  /** As they were read for an earlier token. Good for nothing but a unit with their basis: what they do not know, it does. */
  kept(deviceId: string): TokenFacts | undefined;
  /** In one query. Undefined when there is no such device. */
  read(deviceId: string): Promise<TokenFacts | undefined>;
}

/** What factsOf makes is kept there too: beside it, these take about 300 bytes each. */
const most = 5000;

export function createTokenFacts({ read, keeping }: Pick<Store, 'read' | 'keeping'>): TokenFactsReader {
  const known = new LRUCache<string, TokenFacts>({ max: most });
  return {
    kept(deviceId) {
      const found = known.get(deviceId);
      return found?.basis !== undefined && keeping?.stands(found.basis) === true ? found : undefined;
    },
    async read(deviceId) {
      // Asked before: what is written meanwhile is then found to be later.
      const asOf = keeping?.now();
      const rows = await rowsById(read, deviceId);
      const facts = factsOf(rows);
      if (facts === undefined) return undefined;
      const versions = new Map(rows.map((row) => [row.exception_id ?? '', row.exception_version ?? 0]));
      const basis = asOf === undefined ? undefined : { of: [facts.id, facts.owner.id], asOf };
      const found = { facts, epoch: rows[0]?.resource_epoch ?? '', versions, basis };
      if (basis !== undefined) known.set(deviceId, found);
      return found;
    },
  };
}
