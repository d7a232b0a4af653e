import { type Instant, toNumericDate } from '@postern/shared/time';
import { signJws } from '../keys/jws.ts';
import type { DeviceKey } from '../keys/provider.ts';

interface Proof {
  key: DeviceKey;
  method: 'GET' | 'POST';
  /** As the backend calls itself: issuer and path, without query. */
  url: string;
  nonce: string | undefined;
  jti: string;
  now: Instant;
}

/** A DPoP proof: RFC 9449 section 4.2. Good for one request. */
export function makeProof({ key, method, url, nonce, jti, now }: Proof): Promise<string> {
  const claims = { jti, htm: method, htu: url, iat: toNumericDate(now), ...(nonce === undefined ? {} : { nonce }) };
  return signJws(key, { typ: 'dpop+jwt', jwk: key.publicJwk }, JSON.stringify(claims));
}
