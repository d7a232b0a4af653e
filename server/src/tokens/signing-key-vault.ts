import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { publicJwkSchema } from '@postern/shared/protocol/jwk';
import { createSeal } from '../sealed.ts';

/** A signing key, ready for use. */
export interface OpenKey {
  kid: string;
  /** As it is served. */
  publicJwk: { kty: string; crv: string; x: string; y: string; kid: string; alg: 'ES256'; use: 'sig' };
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** A signing key, as it is stored. */
export interface NewKey {
  kid: string;
  publicJwk: OpenKey['publicJwk'];
  /** Compact JWE. */
  sealed: string;
}

export interface SigningKeyVault {
  make(): Promise<NewKey>;
  /** Rejects when it was not sealed under this master secret, for this kid. */
  open(kid: string, sealed: string): Promise<OpenKey>;
}

const privateJwkSchema = publicJwkSchema.extend({ d: z.string() });

/** Keeps private keys sealed under the master secret (sealed.ts). */
export function createSigningKeyVault(masterSecret: string): SigningKeyVault {
  const { seal, open } = createSeal(masterSecret, 'signing-keys');
  return {
    async make() {
      const pair = await generateKeyPair('ES256', { extractable: true });
      const jwk = privateJwkSchema.parse(withoutMarks(await exportJWK(pair.privateKey)));
      const kid = await calculateJwkThumbprint(jwk);
      return { kid, publicJwk: served(jwk, kid), sealed: await seal(jwk) };
    },
    async open(kid, sealed) {
      const jwk = privateJwkSchema.parse(await open(sealed));
      if ((await calculateJwkThumbprint(jwk)) !== kid) throw new Error('sealed for another kid');
      // The public half comes out of the seal too: who can write to the table alone cannot add a key that is believed.
      const publicJwk = served(jwk, kid);
      return {
        kid,
        publicJwk,
        publicKey: createPublicKey({ key: publicJwk, format: 'jwk' }),
        privateKey: createPrivateKey({ key: jwk, format: 'jwk' }),
      };
    },
  };
}

function served({ kty, crv, x, y }: z.infer<typeof privateJwkSchema>, kid: string): OpenKey['publicJwk'] {
  return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' };
}

function withoutMarks({ kty, crv, x, y, d }: Awaited<ReturnType<typeof exportJWK>>) {
  return { kty, crv, x, y, d };
}
