import { deviceQuery, type DeviceFacts, factsOf } from '../devices/index.ts';
import { resourceEpoch } from '../gateways/index.ts';
import { preparedQuery } from '../storage/prepared-query.ts';
import type { Store } from '../storage/store.ts';

const rowsById = preparedQuery((read, id) =>
  deviceQuery(read)
    .where('devices.id', '=', id)
    .select([resourceEpoch.as('resource_epoch'), 'exceptions.version as exception_version']),
);

export interface TokenFacts {
  facts: DeviceFacts;
  /** Of the resources. */
  epoch: string;
  /** Of the exceptions in the facts. */
  versions: ReadonlyMap<string, number>;
}

/** All that the decision needs, in one query. Undefined when there is no such device. */
export async function findTokenFacts(store: Pick<Store, 'read'>, deviceId: string): Promise<TokenFacts | undefined> {
  const rows = await rowsById(store.read, deviceId);
  const facts = factsOf(rows);
  if (facts === undefined) return undefined;
  const versions = new Map(rows.map((row) => [row.exception_id ?? '', row.exception_version ?? 0]));
  return { facts, epoch: rows[0]?.resource_epoch ?? '', versions };
}
