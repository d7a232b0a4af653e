import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { CompactSign, exportJWK, generateKeyPair, SignJWT } from 'jose';
import fc from 'fast-check';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { minute } from '@postern/shared/time';
import { type ProvedRequest, verifyProof as verify } from './dpop.ts';
import { createNonces } from './nonces.ts';
import { type FakeDevice, fakeDevice } from './testing/fake-device.ts';
import { refusedWith } from './testing/refused-with.ts';
import { issuer, masterSecret, start } from './testing/token-service.ts';
import { thumbprintOf } from '../jws/index.ts';

/** Refusals as rejections, so that one way of asserting serves them all. */
const verifyProof = async (...given: Parameters<typeof verify>) => verify(...given);

const nonces = createNonces(masterSecret);
const url = `${issuer}/oauth/token`;
const request = { method: 'POST', url, now: start };
const made = { ...request, nonce: nonces.issue(start) };
const seconds = start / 1000;
const otherCharacters = ['A', 'Q', 'g', 'w', 'Z', 'z', '0', '9', '-', '_', '.', '=', '+', '/', ' ', '\n', '\0', 'é'];

// All proofs of RFC 9449: by one key, whose thumbprint section 6.1 names.
const rfcHeader =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19';
const rfcThumbprint = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const rfcAccessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
const rfcProofs = {
  'for a token (section 5)': {
    method: 'POST',
    url: 'https://server.example.com/token',
    now: 1_562_262_616_000,
    proof: `${rfcHeader}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`,
  },
  'for a refreshed token (section 5)': {
    method: 'POST',
    url: 'https://server.example.com/token',
    now: 1_562_265_296_000,
    proof: `${rfcHeader}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjY1Mjk2fQ.pAqut2IRDm_De6PR93SYmGBPXpwrAk90e8cP2hjiaG5QsGSuKDYW7_X620BxqhvYC8ynrrvZLTk41mSRroapUA`,
  },
  'for a protected resource (section 7.1)': {
    method: 'GET',
    url: 'https://resource.example.org/protectedresource',
    now: 1_562_262_618_000,
    accessToken: rfcAccessToken,
    proof: `${rfcHeader}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`,
  },
} as const;

describe('a DPoP proof', () => {
  let device: FakeDevice;
  before(async () => {
    device = await fakeDevice();
  });
  type Change = Parameters<FakeDevice['proof']>[1];
  const verify = async (change: Change, more: { accessToken?: string } = {}) =>
    verifyProof(nonces, { ...request, ...more, proof: await device.proof(made, change) });

  it('that is good shows the key, and is used up once for all nodes', async () => {
    const proof = await verify({ claims: { jti: 'once' } });
    assert.equal(proof.jkt, device.jkt);
    assert.deepEqual(proof.jwk, device.jwk);
    assert.deepEqual(proof.spent, {
      code: 'proof_replayed',
      change: {
        kind: 'insert',
        table: 'replays',
        row: { key: sha256(`${device.jkt}|once`), expires_at: start + 6 * minute },
      },
    });
  });

  it('of RFC 9449 is by the key whose thumbprint the RFC names, and names the token by the hash that the RFC has', () => {
    assert.equal(
      thumbprintOf({
        kty: 'EC',
        crv: 'P-256',
        x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
        y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
      }),
      rfcThumbprint,
    );
    assert.equal(sha256(rfcAccessToken), 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo');
  });

  for (const [what, there] of Object.entries(rfcProofs)) {
    // The nonce is what is checked last, and the only thing that these lack.
    it(`of RFC 9449 ${what} is good but for the nonce that is needed here`, async () => {
      await assert.rejects(verifyProof(nonces, there), refusedWith('nonce_required'));
      const others: [Fault['code'], Partial<ProvedRequest>][] = [
        ['proof_other_url', { url: `${there.url}/other` }],
        ['proof_other_url', { method: 'PUT' }],
        ['proof_from_future', { now: there.now - minute - 1000 }],
        ['proof_too_old', { now: there.now + 5 * minute + 1000 }],
        ['proof_invalid', { accessToken: `${rfcAccessToken}V` }],
        ['proof_invalid', { proof: `${there.proof.slice(0, -4)}AAAA` }],
      ];
      for (const [code, change] of others) {
        await assert.rejects(verifyProof(nonces, { ...there, ...change }), refusedWith(code));
      }
    });
  }

  it('may come with an access token, which it must then name', async () => {
    await verify({ claims: { ath: sha256('token') } }, { accessToken: 'token' });
    await assert.rejects(
      verify({ claims: { ath: sha256('other') } }, { accessToken: 'token' }),
      refusedWith('proof_invalid'),
    );
    await assert.rejects(verify({}, { accessToken: 'token' }), refusedWith('proof_invalid'));
  });

  it('must be there', async () => {
    await assert.rejects(verifyProof(nonces, { ...request, proof: undefined }), refusedWith('proof_missing'));
    await assert.rejects(verifyProof(nonces, { ...request, proof: '' }), refusedWith('proof_missing'));
  });

  const refused: [string, Change, Fault['code']][] = [
    ['of another type', { header: { typ: 'JWT' } }, 'proof_invalid'],
    ['without type', { header: { typ: undefined } }, 'proof_invalid'],
    ['with alg none', { header: { alg: 'none' } }, 'proof_algorithm'],
    ['with alg HS256', { header: { alg: 'HS256' } }, 'proof_algorithm'],
    ['with alg ES384', { header: { alg: 'ES384' } }, 'proof_algorithm'],
    ['with crit', { header: { crit: ['b64'], b64: false } }, 'proof_invalid'],
    ['without key', { header: { jwk: undefined } }, 'proof_invalid'],
    ['with a symmetric key', { header: { jwk: { kty: 'oct', k: 'AAAA' } } }, 'proof_invalid'],
    [
      'with a key that is no point of the curve',
      { header: { jwk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } } },
      'proof_invalid',
    ],
    ['for another method', { claims: { htm: 'GET' } }, 'proof_other_url'],
    ['for another address', { claims: { htu: `${issuer}/oauth/revoke` } }, 'proof_other_url'],
    ['for no address', { claims: { htu: 'nowhere' } }, 'proof_other_url'],
    ['without jti', { claims: { jti: undefined } }, 'proof_invalid'],
    ['with an empty jti', { claims: { jti: '' } }, 'proof_invalid'],
    ['with an endless jti', { claims: { jti: 'x'.repeat(257) } }, 'proof_invalid'],
    ['without iat', { claims: { iat: undefined } }, 'proof_invalid'],
    ['with a time that is text', { claims: { iat: String(seconds) } }, 'proof_invalid'],
    ['with a time beyond time', { claims: { iat: 1e300 } }, 'proof_invalid'],
    ['of the future', { claims: { iat: seconds + 61 } }, 'proof_from_future'],
    ['of the past', { claims: { iat: seconds - 301 } }, 'proof_too_old'],
    ['that has expired', { claims: { exp: seconds } }, 'proof_too_old'],
    ['without nonce', { claims: { nonce: undefined } }, 'nonce_required'],
    ['with a nonce of somebody else', { claims: { nonce: 'made-up' } }, 'nonce_required'],
    ['with a stale nonce', { claims: { nonce: nonces.issue(start - 5 * minute) } }, 'nonce_required'],
    ['larger than any proof need be', { claims: { more: 'x'.repeat(4096) } }, 'proof_invalid'],
  ];
  for (const [what, change, code] of refused) {
    it(`${what} is refused: ${code}`, () => assert.rejects(verify(change), refusedWith(code)));
  }

  it('that sends the private key along is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const proof = await new SignJWT({ jti: 'x', htm: 'POST', htu: url, nonce: made.nonce, iat: seconds })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(privateKey) })
      .sign(privateKey);
    await assert.rejects(verifyProof(nonces, { ...request, proof }), refusedWith('proof_invalid'));
  });

  it('that is good at the edges of its time is good', async () => {
    await verify({ claims: { iat: seconds + 60 } });
    await verify({ claims: { iat: seconds - 300 } });
  });

  it('that gives its nonce twice, in whatever spelling, is refused although signed', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const { crv = '', x = '', y = '' } = await exportJWK(publicKey);
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'EC', crv, x, y } } as const;
    const once = JSON.stringify({ jti: 'x', htm: 'POST', htu: url, nonce: made.nonce, iat: seconds });
    const signed = (json: string) => new CompactSign(Buffer.from(json)).setProtectedHeader(header).sign(privateKey);
    await verifyProof(nonces, { ...request, proof: await signed(once) });
    for (const name of ['nonce', '\\u006eonce', 'n\\u006Fnce']) {
      const proof = await signed(once.replace('{', `{"${name}" : "a\\":b", `));
      await assert.rejects(verifyProof(nonces, { ...request, proof }), refusedWith('proof_invalid'));
    }
  });

  it('two of them in one header are none', async () => {
    const proof = `${await device.proof(made)}, ${await device.proof(made)}`;
    await assert.rejects(verifyProof(nonces, { ...request, proof }), refusedWith('proof_invalid'));
  });

  it('is refused when any of its characters is another', async () => {
    const proof = await device.proof(made);
    const change = fc.tuple(fc.nat(proof.length - 1), fc.constantFrom(...otherCharacters));
    await fc.assert(
      fc.asyncProperty(change, async ([at, character]) => {
        fc.pre(proof[at] !== character);
        const changed = proof.slice(0, at) + character + proof.slice(at + 1);
        await assert.rejects(verifyProof(nonces, { ...request, proof: changed }), Fault);
      }),
      { numRuns: 500 },
    );
  });

  it('that is any text is refused, and never an error', async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    const text = fc.oneof(
      fc.string(),
      fc.tuple(part, part, part).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(text, (proof) => assert.rejects(verifyProof(nonces, { ...request, proof }), Fault)),
    );
  });
});
