import { Fault } from '@postern/shared/protocol/errors';
import type { PublicJwk } from '@postern/shared/protocol/jwk';
import { publicKeyOf, thumbprintOf } from '../jws/index.ts';

/**
 * The RFC 7638 thumbprint of a key that may be enrolled. There must be one way only to write the key: stray
 * bits in the last character of a coordinate would give the same key a second thumbprint, and so a second device.
 *
 * @throws Fault malformed_request when it is not a point on P-256, or not written canonically
 */
export function thumbprintOfNewKey(jwk: PublicJwk): string {
  const isCanonical = (coordinate: string) => Buffer.from(coordinate, 'base64url').toString('base64url') === coordinate;
  const jkt = thumbprintOf(jwk);
  try {
    if (isCanonical(jwk.x) && isCanonical(jwk.y)) {
      publicKeyOf(jwk, jkt);
      return jkt;
    }
  } catch (error) {
    throw new Fault('malformed_request', { details: [notAKey], cause: error });
  }
  throw new Fault('malformed_request', { details: [notAKey] });
}

const notAKey = { path: 'body.key', message: 'must be a point on P-256, in canonical base64url' };
