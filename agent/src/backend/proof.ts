import { sha256 } from '@postern/shared/digest';
import { type Instant, toNumericDate } from '@postern/shared/time';
import { signJws } from '../keys/jws.ts';
import type { DeviceKey } from '../keys/provider.ts';

interface Proof {
  key: DeviceKey;
  method: string;
  /** As whom it goes to calls itself (of the backend: issuer and path), without query. */
  url: string;
  nonce: string | undefined;
  /** Of a request to an application, which is sent with it. */
  accessToken?: string;
  jti: string;
  now: Instant;
}

/** A DPoP proof: RFC 9449 section 4.2. Good for one request. */
export function makeProof({ key, method, url, nonce, accessToken, jti, now }: Proof): Promise<string> {
  const claims = {
    jti,
    htm: method,
    htu: url,
    iat: toNumericDate(now),
    ...(nonce === undefined ? {} : { nonce }),
    ...(accessToken === undefined ? {} : { ath: sha256(accessToken) }),
  };
  return signJws(key, { typ: 'dpop+jwt', jwk: key.publicJwk }, JSON.stringify(claims));
}
