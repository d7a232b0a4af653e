import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { publicJwkSchema } from '@postern/shared/protocol/jwk';
import { createSeal } from '../sealed.ts';
import type { KeyUse, SigningAlg } from './signing-keys.ts';

/** As it is served (RFC 7517): public members only. */
export type PublishedJwk = Readonly<Record<string, string>> & { kid: string; alg: SigningAlg; use: 'sig' };

/** A signing key, ready for use. */
export interface OpenKey {
  kid: string;
  alg: SigningAlg;
  publicJwk: PublishedJwk;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** A signing key, as it is stored. */
export interface NewKey {
  kid: string;
  publicJwk: PublishedJwk;
  /** Compact JWE. */
  sealed: string;
}

export interface SigningKeyVault {
  make(alg: SigningAlg): Promise<NewKey>;
  /** Rejects when it was not sealed under this master secret, for this use and this kid. */
  open(kid: string, sealed: string): Promise<OpenKey>;
}

const modulusLength = 2048;
/** Of the thumbprint: 96 bits of it tell keys apart, and each token is that much shorter. */
const kidLength = 16;
const base64url = z.string().regex(/^[\w-]+$/);

const ecJwkSchema = publicJwkSchema.extend({ d: base64url });
const rsaJwkSchema = z.strictObject({
  kty: z.literal('RSA'),
  n: base64url,
  e: base64url,
  d: base64url,
  p: base64url,
  q: base64url,
  dp: base64url,
  dq: base64url,
  qi: base64url,
});
const privateJwkSchema = z.discriminatedUnion('kty', [ecJwkSchema, rsaJwkSchema]);
type PrivateJwk = z.infer<typeof privateJwkSchema>;

/**
 * What is sealed. RSA keys say which of their algorithms they are for, so that nobody who can write to the table changes
 * it (RFC 8725 section 3.1).
 */
const contentSchema = z
  .union([
    ecJwkSchema.transform((jwk) => ({ alg: 'ES256' as const, jwk })),
    z.strictObject({ alg: z.enum(['ES256', 'RS256', 'PS256']), jwk: privateJwkSchema }),
  ])
  .refine(({ alg, jwk }) => (alg === 'ES256') === (jwk.kty === 'EC'));

/** Each use has a key of its own to seal with: a row that is given another use by hand opens no more. */
const seals: Readonly<Record<KeyUse, string>> = { 'access-token': 'signing-keys', signal: 'signal-keys' };

/** Keeps private keys sealed under the master secret (sealed.ts). */
export function createSigningKeyVault(masterSecret: string, use: KeyUse): SigningKeyVault {
  const { seal, open } = createSeal(masterSecret, seals[use]);
  return {
    async make(alg) {
      const pair = await generateKeyPair(alg, { extractable: true, modulusLength });
      const jwk = privateJwkSchema.parse(withoutMarks(await exportJWK(pair.privateKey)));
      const kid = (await calculateJwkThumbprint(jwk)).slice(0, kidLength);
      // An EC key has one algorithm only, and is sealed bare, as it was before there were others.
      const content = jwk.kty === 'EC' ? jwk : { alg, jwk };
      return { kid, publicJwk: served(jwk, kid, alg), sealed: await seal(content) };
    },
    async open(kid, sealed) {
      const { alg, jwk } = contentSchema.parse(await open(sealed));
      const thumbprint = await calculateJwkThumbprint(jwk);
      // Keys that were made before have the whole of it.
      if (kid !== thumbprint && kid !== thumbprint.slice(0, kidLength)) throw new Error('sealed for another kid');
      // The public half comes out of the seal too: who can write to the table alone cannot add a key that is believed.
      const publicJwk = served(jwk, kid, alg);
      return {
        kid,
        alg,
        publicJwk,
        publicKey: createPublicKey({ key: publicJwk, format: 'jwk' }),
        privateKey: createPrivateKey({ key: jwk, format: 'jwk' }),
      };
    },
  };
}

function served(jwk: PrivateJwk, kid: string, alg: SigningAlg): PublishedJwk {
  const marks = { kid, alg, use: 'sig' } as const;
  return jwk.kty === 'EC'
    ? { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, ...marks }
    : { kty: jwk.kty, n: jwk.n, e: jwk.e, ...marks };
}

function withoutMarks({ kty, crv, x, y, n, e, d, p, q, dp, dq, qi }: Awaited<ReturnType<typeof exportJWK>>) {
  return kty === 'EC' ? { kty, crv, x, y, d } : { kty, n, e, d, p, q, dp, dq, qi };
}
