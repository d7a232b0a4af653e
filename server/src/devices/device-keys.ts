import { type CryptoKey, importJWK } from 'jose';
import { LRUCache } from 'lru-cache';
import type { PublicJwk } from '@postern/shared/protocol/jwk';

/** About 4 KB each: at most some 80 MB, and 20,000 devices without a second import. */
const cached = new LRUCache<string, CryptoKey>({ max: 20_000 });

/**
 * The key of an enrolled device, ready to verify ES256. Importing costs as much as verifying, hence the cache.
 *
 * @param jkt the thumbprint of exactly this key, computed here or read together with it: it names the cached one
 * @throws when the coordinates are not a point on P-256
 */
export async function importDeviceKey(jwk: PublicJwk, jkt: string): Promise<CryptoKey> {
  const known = cached.get(jkt);
  if (known !== undefined) return known;
  const key = await importJWK(jwk, 'ES256');
  if (key instanceof Uint8Array) throw new TypeError('not a public key');
  cached.set(jkt, key);
  return key;
}
