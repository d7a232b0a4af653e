import { sha256 } from '@postern/shared/digest';
import type { PublicJwk } from '@postern/shared/protocol/jwk';

/** RFC 7638 section 3.2: the required members of an EC key, in lexicographic order, without white space. */
export function thumbprintOf(jwk: PublicJwk): string {
  return sha256(`{"crv":"${jwk.crv}","kty":"${jwk.kty}","x":"${jwk.x}","y":"${jwk.y}"}`);
}
