import { generateKeyPairSync } from 'node:crypto';
import { Fault } from '@postern/shared/protocol/errors';
import { publicJwkSchema } from '@postern/shared/protocol/jwk';
import type { Instant } from '@postern/shared/time';
import { thumbprintOf } from '../../jws/index.ts';
import type { ClaimedClient } from './method.ts';

/** A key that nobody has. */
const jwk = publicJwkSchema.parse(
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
);
const nobody = { jwk, jkt: thumbprintOf(jwk) };

/**
 * Refuses a client that there is not as one is refused that shows the wrong key: in the same words, by the same steps, in
 * the same time. Who has the key of no device is not to learn which devices there are.
 *
 * @throws Fault as the client's method says; `device_unknown` where it was we who vouched for the key
 */
export function refuseUnknown(client: Pick<ClaimedClient, 'verify'>, now: Instant): never {
  client.verify(nobody, now);
  throw new Fault('device_unknown');
}
