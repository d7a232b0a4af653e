import { type CryptoKey, importJWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { sha256 } from '@postern/shared/digest';
import type { PublicJwk } from '@postern/shared/protocol/jwk';

/** Public keys of devices, imported once: importing costs nearly as much as verifying. */
export interface DeviceKeys {
  /** Rejects when the coordinates are no point of P-256. */
  get(jwk: PublicJwk): Promise<{ jkt: string; key: CryptoKey }>;
}

/** RFC 7638 section 3.2: the required members of an EC key, in lexicographic order, without white space. */
export function thumbprintOf(jwk: PublicJwk): string {
  return sha256(`{"crv":"${jwk.crv}","kty":"${jwk.kty}","x":"${jwk.x}","y":"${jwk.y}"}`);
}

/** @param max keys that are kept; one takes about 5 kB */
export function createDeviceKeys(max: number): DeviceKeys {
  const keys = new LRUCache<string, CryptoKey>({ max });
  return {
    async get(jwk) {
      const jkt = thumbprintOf(jwk);
      const known = keys.get(jkt);
      if (known !== undefined) return { jkt, key: known };
      const key = await importJWK({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, 'ES256');
      if (key instanceof Uint8Array) throw new TypeError('not a public key');
      keys.set(jkt, key);
      return { jkt, key };
    },
  };
}

/** The keys of this process. What is cached follows from the JWK alone, so that sharing it shares no state. */
export const deviceKeys = createDeviceKeys(10_000);
