import type { KeyObject } from 'node:crypto';
import { type PublicJwk, publicJwkSchema } from '@postern/shared/protocol/jwk';
import { publicKeyOf } from './public-keys.ts';
import { thumbprintOf } from './thumbprint.ts';

/** A key that came in the header of what it signed (RFC 7515 section 4.1.3): it says who signed, never that they may. */
export interface EmbeddedKey {
  jwk: PublicJwk;
  jkt: string;
  key: KeyObject;
}

/** For each header that is known by its text: reading a key out of it and naming it costs a third of a verification. */
const known = new WeakMap<object, EmbeddedKey>();

/** @returns undefined when `jwk` is not a public P-256 key and nothing else */
export function embeddedKeyOf(header: Readonly<Record<string, unknown>>): EmbeddedKey | undefined {
  let found = known.get(header);
  if (found === undefined) {
    found = read(header['jwk']);
    if (found !== undefined) known.set(header, found);
  }
  return found;
}

function read(given: unknown): EmbeddedKey | undefined {
  const jwk = publicJwkSchema.safeParse(given).data;
  if (jwk === undefined) return undefined;
  const jkt = thumbprintOf(jwk);
  try {
    return { jwk, jkt, key: publicKeyOf(jwk, jkt) };
  } catch {
    // Not a point on the curve.
    return undefined;
  }
}
