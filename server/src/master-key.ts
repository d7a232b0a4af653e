import { hkdfSync } from 'node:crypto';

/**
 * A key for one use, derived from the master secret (HKDF, RFC 5869). The use is part of the derivation,
 * so that no key of one use opens or signs anything of another.
 *
 * @param masterSecret 32 bytes, base64url
 * @returns 32 bytes
 */
export function deriveKey(masterSecret: string, use: string): Buffer {
  const secret = Buffer.from(masterSecret, 'base64url');
  if (secret.length < 32) throw new Error('the master secret must be at least 32 bytes, base64url');
  return Buffer.from(hkdfSync('sha256', secret, '', `postern/${use}`, 32));
}
