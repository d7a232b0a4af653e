import { readFile } from 'node:fs/promises';
import { calculateJwkThumbprint, type CryptoKey, importJWK } from 'jose';
import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';

const part = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const common = {
  kid: z.string().min(1).max(128).optional(),
  alg: z.string().max(16).optional(),
  use: z.literal('sig').optional(),
  key_ops: z.array(z.string().max(16)).max(8).optional(),
};
const ed25519 = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: part, ...common });
const p256 = z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: part, y: part, ...common });

/** Ed25519 or P-256, public: whoever puts a private key among those that the server reads has mixed up two files. */
const publicKeySchema = z.discriminatedUnion('kty', [ed25519, p256]);

/** The private half, as `postern-server feed keygen` writes it. */
const privateKeySchema = z.discriminatedUnion('kty', [ed25519.extend({ d: part }), p256.extend({ d: part })]);

const keySetSchema = z.object({ keys: z.array(publicKeySchema).min(1).max(20) });

type Jwk = z.infer<typeof publicKeySchema>;

export interface FeedKey {
  kid: string;
  alg: 'EdDSA' | 'ES256';
  key: CryptoKey;
}

/** Who may sign feeds, by key id. */
export type FeedKeys = ReadonlyMap<string, FeedKey>;

/**
 * Reads a JWK Set. A key without an id goes by its thumbprint (RFC 7638).
 *
 * @param file as POSTERN_FEED_KEYS names it
 * @throws Fault feed_keys_invalid
 */
export async function readFeedKeys(file: string): Promise<FeedKeys> {
  const parsed = keySetSchema.safeParse(await readJson(file));
  if (!parsed.success)
    throw invalid(
      file,
      'must be a JWK Set of public keys for EdDSA (Ed25519) or ES256 (P-256), without private members',
    );
  const keys = new Map<string, FeedKey>();
  for (const jwk of parsed.data.keys) {
    const key = await imported(file, jwk);
    if (keys.has(key.kid)) throw invalid(file, 'names two keys alike');
    keys.set(key.kid, key);
  }
  return keys;
}

/** Reads a private key (JWK), for signing. Throws Fault feed_keys_invalid. */
export async function readPrivateFeedKey(file: string): Promise<FeedKey> {
  const parsed = privateKeySchema.safeParse(await readJson(file));
  if (!parsed.success) throw invalid(file, 'must be a private key (JWK) for EdDSA (Ed25519) or ES256 (P-256)');
  return imported(file, parsed.data);
}

async function imported(file: string, jwk: Jwk): Promise<FeedKey> {
  const alg = jwk.kty === 'OKP' ? 'EdDSA' : 'ES256';
  if (jwk.alg !== undefined && jwk.alg !== alg && !(alg === 'EdDSA' && jwk.alg === 'Ed25519'))
    throw invalid(file, `has a key of another algorithm than its kind: ${alg}`);
  const { kty, crv, x } = jwk;
  const bare = { kty, crv, x, ...(jwk.kty === 'EC' ? { y: jwk.y } : {}), ...('d' in jwk ? { d: String(jwk.d) } : {}) };
  const kid = jwk.kid ?? (await calculateJwkThumbprint(bare, 'sha256'));
  try {
    const key = await importJWK(bare, alg);
    if (key instanceof Uint8Array) throw new TypeError('a secret');
    return { kid, alg, key };
  } catch (cause) {
    throw invalid(file, 'has a key that is none: its numbers are no point on its curve', cause);
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw invalid(file, 'must be a JSON file that this user can read', cause);
  }
}

function invalid(file: string, message: string, cause?: unknown): Fault {
  return new Fault('feed_keys_invalid', { details: [{ path: file, message }], cause });
}
