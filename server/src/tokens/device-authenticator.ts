import { Fault } from '@postern/shared/protocol/errors';
import type { Deps } from '../deps.ts';
import { readDeviceFacts } from '../devices/index.ts';
import type { DeviceCaller } from '../http/caller.ts';
import type { Request } from '../http/route.ts';
import { verifyProof } from './dpop.ts';
import { commitSpending, newAttempt, refuse } from './refusals.ts';

type Presented = Pick<Request<unknown, unknown, unknown>, 'header' | 'method' | 'url' | 'now'>;

/**
 * Knows a device by its DPoP proof alone: whoever holds the key is the device, and there is no access token in between.
 * The proof is used up before the request is served.
 *
 * A retired device is refused. One that is pending, suspended or in quarantine is let through with its state on the
 * caller: it must be able to read why it is refused elsewhere. What it may do beyond reading is for the route to say.
 *
 * @throws Fault the proof's own codes, `proof_replayed`, `device_unknown`, `device_retired`
 */
export function createDeviceAuthenticator(deps: Pick<Deps, 'store' | 'nonces' | 'anonymousRefusals'>) {
  const { store, nonces } = deps;
  return async (presented: Presented): Promise<DeviceCaller> => {
    const { method, url, now } = presented;
    const attempt = newAttempt(new URL(url).pathname, now);
    try {
      const proof = verifyProof(nonces, { proof: presented.header('dpop'), method, url, now });
      attempt.spent.push(proof.spent);
      const facts = await readDeviceFacts(store.read, { jkt: proof.jkt });
      if (facts === undefined) throw new Fault('device_unknown');
      attempt.deviceId = facts.id;
      if (facts.state === 'retired') throw new Fault('device_retired');
      await commitSpending(store, attempt.spent, { changes: [], audit: [] });
      return {
        kind: 'device',
        id: facts.id,
        jkt: facts.jkt,
        state: facts.state,
        ownerId: facts.owner.id,
        ownerName: facts.owner.name,
      };
    } catch (error) {
      throw error instanceof Fault ? await refuse(deps, attempt, error) : error;
    }
  };
}
