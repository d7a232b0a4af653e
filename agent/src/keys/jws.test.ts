import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compactVerify, importJWK } from 'jose';
import { temporaryFolder } from '../testing/data-folder.ts';
import { fileKeyProvider } from './file.ts';
import { signJws } from './jws.ts';

test('jose verifies whatever text a device key signs', async (t) => {
  const provider = fileKeyProvider(await temporaryFolder(t));
  const key = await provider.load(await provider.create());
  const verifier = await importJWK(key.publicJwk, 'ES256');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 2000 }), async (payload) => {
      const jws = await signJws(key, { typ: 'eat+jwt', kid: key.thumbprint }, payload);
      const verified = await compactVerify(jws, verifier, { algorithms: ['ES256'] });
      assert.equal(new TextDecoder().decode(verified.payload), payload);
      assert.deepEqual(verified.protectedHeader, { alg: 'ES256', typ: 'eat+jwt', kid: key.thumbprint });
      assert.equal(Buffer.from(jws.split('.')[2] ?? '', 'base64url').length, 64);
    }),
    { numRuns: 60 },
  );
});

test('a signature that is not 64 bytes is not sent', async (t) => {
  const provider = fileKeyProvider(await temporaryFolder(t));
  const key = await provider.load(await provider.create());
  await assert.rejects(signJws({ ...key, sign: async () => Buffer.alloc(70) }, { typ: 'JWT' }, '{}'), /64 bytes/);
});
