import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type CryptoKey, createLocalJWKSet, exportJWK, generateKeyPair, type JWTVerifyGetKey, SignJWT } from 'jose';
import { Fault } from '@postern/shared/protocol/errors';
import { minute, second } from '@postern/shared/time';
import { ProviderUnavailable } from './provider-keys.ts';
import { verifyIdToken } from './verify.ts';

const now = Date.parse('2026-11-21T09:30:00Z');
const seconds = now / second;
const provider = { issuer: 'https://idp.example', clientId: 'postern' };
const claims = {
  iss: provider.issuer,
  sub: '248289761001',
  aud: provider.clientId,
  iat: seconds - 10,
  exp: seconds + 600,
  auth_time: seconds - 60,
  email: 'Ada@Example.org',
  email_verified: true,
};

describe('an ID token', () => {
  let keys: JWTVerifyGetKey;
  let rsa: CryptoKey;
  let ec: CryptoKey;
  let rsaPublic: Record<string, unknown>;

  before(async () => {
    const [rsaPair, ecPair] = [await generateKeyPair('RS256'), await generateKeyPair('ES256')];
    rsa = rsaPair.privateKey;
    ec = ecPair.privateKey;
    rsaPublic = { ...(await exportJWK(rsaPair.publicKey)) };
    keys = createLocalJWKSet({
      keys: [
        { ...(await exportJWK(rsaPair.publicKey)), kid: 'rsa' },
        { ...(await exportJWK(ecPair.publicKey)), kid: 'ec', alg: 'ES256' },
      ],
    });
  });

  const sign = (change: object = {}, header: object = {}, key = rsa) =>
    new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: 'RS256', kid: 'rsa', ...header }).sign(key);

  async function verdict(text: string, by = keys): Promise<string> {
    try {
      await verifyIdToken(text, provider, by, now);
      return 'good';
    } catch (error) {
      assert.ok(error instanceof Fault, String(error));
      return error.code;
    }
  }

  it('says whose address the provider verified, when they signed in, and until when', async () => {
    assert.deepEqual(await verifyIdToken(await sign(), provider, keys, now), {
      email: 'ada@example.org',
      authenticatedAt: now - minute,
      expiresAt: now + 10 * minute,
    });
    const silent = await verifyIdToken(await sign({ auth_time: undefined }), provider, keys, now);
    assert.equal(silent.authenticatedAt, now - 10 * second);
    const ahead = await verifyIdToken(await sign({ auth_time: seconds + 30 }), provider, keys, now);
    assert.equal(ahead.authenticatedAt, now);
  });

  it('is good with each algorithm that is allowed, and with no other', async () => {
    assert.equal(await verdict(await sign({}, { typ: 'JWT' })), 'good');
    assert.equal(await verdict(await sign({}, { alg: 'ES256', kid: 'ec' }, ec)), 'good');
    const pss = await generateKeyPair('PS256', { extractable: true });
    const okp = await generateKeyPair('EdDSA', { extractable: true });
    const rs384 = await generateKeyPair('RS384', { extractable: true });
    for (const [alg, pair, expected] of [
      ['PS256', pss, 'good'],
      ['EdDSA', okp, 'good'],
      ['RS384', rs384, 'subject_token_invalid'],
    ] as const) {
      const set = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k' }] });
      assert.equal(await verdict(await sign({}, { alg, kid: 'k' }, pair.privateKey), set), expected, alg);
    }
  });

  const expected: Record<string, [string, object, object?]> = {
    'of another issuer': ['subject_token_invalid', { iss: 'https://idp.example/' }],
    'of no issuer': ['subject_token_invalid', { iss: undefined }],
    'for another client': ['subject_token_invalid', { aud: 'other' }],
    'for no client': ['subject_token_invalid', { aud: undefined }],
    'for us in a list': ['good', { aud: ['postern'] }],
    'for others too, without azp': ['subject_token_invalid', { aud: ['postern', 'other'] }],
    'for others too, to whom it was issued': ['subject_token_invalid', { aud: ['postern', 'other'], azp: 'other' }],
    'for others too, issued to us': ['good', { aud: ['postern', 'other'], azp: 'postern' }],
    'issued to another client': ['subject_token_invalid', { azp: 'other' }],
    'that is over': ['subject_token_expired', { exp: seconds }],
    'without end': ['subject_token_invalid', { exp: undefined }],
    'without beginning': ['subject_token_invalid', { iat: undefined }],
    'of the future': ['subject_token_invalid', { iat: seconds + 61 }],
    'of a clock that is ahead': ['good', { iat: seconds + 60 }],
    'of a sign-in of the future': ['subject_token_invalid', { auth_time: seconds + 61 }],
    'that is not valid yet': ['subject_token_invalid', { nbf: seconds + 60 }],
    'of nobody': ['subject_token_invalid', { sub: undefined }],
    'without address': ['subject_email_unverified', { email: undefined }],
    'with something else for an address': ['subject_token_invalid', { email: ['ada@example.org'] }],
    'with an address that is not verified': ['subject_email_unverified', { email_verified: false }],
    'with an address of which nothing is said': ['subject_email_unverified', { email_verified: undefined }],
    'with an address that is verified in words': ['subject_email_unverified', { email_verified: 'true' }],
    'that is an access token by its type': ['subject_token_invalid', {}, { typ: 'at+jwt' }],
    'that is a logout token by its type': ['subject_token_invalid', {}, { typ: 'logout+jwt' }],
    'that is a logout token by its claims': ['subject_token_invalid', { events: {} }],
    'that Keycloak marked as another token': ['subject_token_invalid', { typ: 'Bearer' }],
    'that Keycloak marked as an ID token': ['good', { typ: 'ID' }],
    'by a key that is not known': ['subject_token_invalid', {}, { kid: 'other' }],
    'by a key of another type': ['subject_token_invalid', {}, { kid: 'ec' }],
    'with an address of its own for keys': ['good', {}, { jku: 'https://evil.example/keys' }],
  };
  for (const [what, [code, change, header]] of Object.entries(expected))
    it(`${what}: ${code}`, async () => assert.equal(await verdict(await sign(change, header)), code));

  it('that nobody signed, or the public key as a secret, or with an extension, is refused', async () => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const good = await sign();
    const [header = '', payload = '', signature = ''] = good.split('.');
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
      .sign(Buffer.from(JSON.stringify(rsaPublic)));
    const stranger = await generateKeyPair('RS256');
    const texts = {
      unsigned: `${encode({ alg: 'none' })}.${payload}.`,
      'signature left out': `${header}.${payload}.`,
      'other claims': `${header}.${encode({ ...claims, email: 'eve@example.org' })}.${signature}`,
      hmac,
      critical: `${encode({ alg: 'RS256', kid: 'rsa', crit: ['b64'], b64: false })}.${payload}.${signature}`,
      'by a stranger': await sign({}, {}, stranger.privateKey),
      'by a key that it brings': await sign({}, { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
      padded: `${good}==`,
      'with a line': `${good}\n`,
      'in five parts': `${good}.x.y`,
      empty: '',
    };
    for (const [what, text] of Object.entries(texts)) assert.equal(await verdict(text), 'subject_token_invalid', what);
    assert.equal(await verdict(good), 'good');
  });

  it('is not refused for good while its provider cannot be asked', async () => {
    const away: JWTVerifyGetKey = async () => Promise.reject(new ProviderUnavailable('away'));
    assert.equal(await verdict(await sign(), away), 'identity_provider_unavailable');
  });
});
