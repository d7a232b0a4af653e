import { createHash } from 'node:crypto';
import { type Id, idPrefixes } from '@postern/shared/ids';
import { systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { ConflictError } from '../storage/store.ts';
import { gatewayCreation } from './new-gateway.ts';

/** What `npm start` asks a token for. */
export const demoResource = 'urn:postern:demo';

/** The same on every start: the taken id says that it was made before. */
const demoId =
  `${idPrefixes.gateway}_${createHash('sha256').update(demoResource).digest('hex').slice(0, 32)}` as Id<'gateway'>;

/**
 * Makes the demo gateway where there never was one; an admin who removed it has removed it for good. Nobody learns its
 * secret: it makes its resource known, and introspects nothing.
 */
export async function ensureDemoGateway({
  store,
  random,
  clock,
}: Pick<Deps, 'store' | 'random' | 'clock'>): Promise<void> {
  const gateway = { id: demoId, name: 'Demo', resources: [demoResource], secret: random.secret() };
  try {
    await store.commit(gatewayCreation(gateway, systemActor, clock.now()));
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}
