import { createPublicKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { PublicJwk } from '@postern/shared/protocol/jwk';

/** About 3.5 KB each: at most some 70 MB, and 20,000 devices without a second import. */
const cached = new LRUCache<string, KeyObject>({ max: 20_000 });

/**
 * A public key, ready to verify ES256. Importing costs as much as verifying, hence the cache.
 *
 * @param jkt the thumbprint of exactly this key, computed here or read together with it: it names the cached one
 * @throws when the coordinates are not a point on P-256
 */
export function publicKeyOf(jwk: PublicJwk, jkt: string): KeyObject {
  const known = cached.get(jkt);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  cached.set(jkt, key);
  return key;
}
