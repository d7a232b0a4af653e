import { canonicalJson } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import type { PublicJwk } from '@postern/shared/protocol/jwk';

/** RFC 7638: SHA-256 over the required members in order, without white space; RFC 8785 gives that text. */
export function thumbprintOf({ crv, kty, x, y }: PublicJwk): string {
  return sha256(canonicalJson({ crv, kty, x, y }));
}
