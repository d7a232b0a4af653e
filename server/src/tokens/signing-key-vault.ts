import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { publicJwkSchema } from '@postern/shared/protocol/jwk';
import { deriveKey } from '../master-key.ts';

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

/** Keeps private keys as JWE (RFC 7516, `dir` with A256GCM) under a key derived from the master secret. */
export function createSigningKeyVault(masterSecret: string): SigningKeyVault {
  const secret = deriveKey(masterSecret, 'signing-keys');
  return {
    async make() {
      const pair = await generateKeyPair('ES256', { extractable: true });
      const jwk = privateJwkSchema.parse(withoutMarks(await exportJWK(pair.privateKey)));
      const kid = await calculateJwkThumbprint(jwk);
      const sealed = await new CompactEncrypt(Buffer.from(JSON.stringify(jwk)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(secret);
      return { kid, publicJwk: served(jwk, kid), sealed };
    },
    async open(kid, sealed) {
      const { plaintext } = await compactDecrypt(sealed, secret, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      const jwk = privateJwkSchema.parse(JSON.parse(new TextDecoder().decode(plaintext)));
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
