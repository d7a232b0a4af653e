import { Fault } from '@postern/shared/protocol/errors';
import { knownResources } from '../../gateways/index.ts';
import type { Store } from '../../storage/store.ts';

/** Throws Fault resource_unknown, naming the place of each resource that no gateway protects. */
export async function refuseUnknownResources(read: Store['read'], resources: readonly string[]): Promise<void> {
  if (resources.length === 0) return;
  const known = await knownResources(read);
  const details = resources.flatMap((each, index) =>
    known.has(each) ? [] : [{ path: `body.resources.${index}`, message: 'no gateway protects it' }],
  );
  if (details.length > 0) throw new Fault('resource_unknown', { details });
}
