import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { type CryptoKey, exportJWK, generateKeyPair, type GenerateKeyPairResult } from 'jose';
import { hour, minute, toNumericDate } from '@postern/shared/time';
import { partOf, publicKeyTexts, resigned, withOtherSignatureBit } from '../support/forged-jws.ts';
import type { HttpDevice, TokenWish } from '../support/http-device.ts';
import { assertRefused, attested, openScene, resource, type Scene, suiteScope } from '../support/scene.ts';

describe('forged documents', () => {
  const scope = suiteScope();
  let scene: Scene;
  /** Whose name is abused. */
  let victim: HttpDevice;
  /** Enrolled too, and honest until now. */
  let other: HttpDevice;
  let victimKeys: GenerateKeyPairResult;
  let thief: GenerateKeyPairResult;
  let secrets: string[];
  /** A server of the attacker's, with a key set; nobody may ask it. */
  const lure = { url: '', asked: 0 };

  before(async () => {
    scene = await openScene(scope);
    victimKeys = await generateKeyPair('ES256', { extractable: true });
    victim = await attested(scene.backend, scene.admin, victimKeys);
    other = await attested(scene.backend, scene.admin);
    thief = await generateKeyPair('ES256', { extractable: true });
    secrets = await publicKeyTexts(victim.fake.jwk);
    const keySet = JSON.stringify({
      keys: [{ ...(await exportJWK(thief.publicKey)), alg: 'ES256', kid: victim.fake.jkt }],
    });
    const server = createServer((_request, answer) => {
      lure.asked += 1;
      answer.end(keySet);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    scope.after(() => void server.close());
    const address = server.address();
    lure.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/jwks.json`;
  });

  after(async () => {
    await scope.clean();
    assert.equal(lure.asked, 0, 'no key is fetched from where a document says');
  });

  const secondsFromNow = (milliseconds: number) => toNumericDate(scene.backend.clock.now() + milliseconds);
  const thiefKey = (): CryptoKey => thief.privateKey;

  describe('attestations', () => {
    /** Forged by a copy, so that the victim's own history stays as it is. */
    const attacks: Record<string, [code: string, forge: (copy: HttpDevice) => Promise<string>]> = {
      'alg: none': ['attestation_algorithm', async (copy) => resigned(await copy.signAttestation(), { none: true })],
      'HS256 with the public key (PEM) as the secret': [
        'attestation_algorithm',
        async (copy) => resigned(await copy.signAttestation(), { secret: secrets[0] ?? '' }),
      ],
      'HS256 with the public key (JWK) as the secret': [
        'attestation_algorithm',
        async (copy) => resigned(await copy.signAttestation(), { secret: secrets[1] ?? '' }),
      ],
      "a stranger's signature": ['attestation_signature', (copy) => copy.signAttestation({ key: thiefKey() })],
      'a bit of the signature turned over': [
        'attestation_signature',
        async (copy) => withOtherSignatureBit(await copy.signAttestation()),
      ],
      'a kid that no device has': [
        'attestation_foreign_key',
        (copy) => copy.signAttestation({ header: { kid: 'A'.repeat(43) } }),
      ],
      'the kid of another device': [
        'attestation_signature',
        (copy) => copy.signAttestation({ header: { kid: other.fake.jkt } }),
      ],
      "another device's name": [
        'attestation_malformed',
        (copy) => copy.signAttestation({ claims: { iss: other.fake.id } }),
      ],
      'another backend as its audience': [
        'attestation_audience',
        (copy) => copy.signAttestation({ claims: { aud: 'https://other.example' } }),
      ],
      'a nonce of its own making': [
        'attestation_nonce',
        (copy) => copy.signAttestation({ claims: { eat_nonce: 'A'.repeat(51) } }),
      ],
      'a date in the future': [
        'attestation_from_future',
        (copy) => copy.signAttestation({ claims: { iat: secondsFromNow(2 * minute) } }),
      ],
      'a date in the past': [
        'attestation_too_old',
        (copy) => copy.signAttestation({ claims: { iat: secondsFromNow(-6 * minute) } }),
      ],
    };
    for (const [name, [code, forge]] of Object.entries(attacks)) {
      test(`${name}: ${code}`, async () => {
        await assertRefused(scene, { code, type: 'attestation.refused' }, async () =>
          victim.send(await forge(victim.clone())),
        );
      });
    }

    test('a header that asks for an extension or brings a key is refused unread', async () => {
      for (const header of [
        { crit: ['exp'], exp: 1 },
        { jku: lure.url },
        { x5u: lure.url },
        { jwk: await exportJWK(thief.publicKey) },
      ]) {
        const genuine = await victim.clone().signAttestation();
        const { status, body } = await victim.send(await resigned(genuine, { key: victimKeys.privateKey }, { header }));
        assert.equal(status, 400);
        assert.equal(body['error_code'], 'attestation_malformed');
      }
    });

    test('a nonce that was good once: attestation_nonce', async (t) => {
      const late = await openScene(t);
      const device = await attested(late.backend, late.admin);
      const jws = await device.clone().signAttestation();
      late.backend.clock.advance(5 * minute);
      await assertRefused(late, { code: 'attestation_nonce', type: 'attestation.refused' }, () => device.send(jws));
    });

    test('replayed, at once and later: attestation_replayed', async () => {
      const first = await victim.signAttestation();
      assert.equal((await victim.send(first)).status, 200);
      const expected = { code: 'attestation_replayed', type: 'attestation.refused' };
      await assertRefused(scene, expected, () => victim.send(first));
      assert.equal((await victim.attest()).status, 200);
      await assertRefused(scene, expected, () => victim.send(first));
      assert.equal((await victim.attest()).status, 200, 'and the device is none the worse for it');
    });
  });

  describe('DPoP proofs and client assertions', () => {
    /** Signed over a header of the attacker's choice. */
    const signedBy = async (genuine: string, key: CryptoKey, header: Record<string, unknown>) =>
      resigned(genuine, { key }, { header });

    const proofAttacks: Record<string, [code: string, forge: () => Promise<TokenWish>]> = {
      'for another URL': [
        'proof_other_url',
        async () => ({ proof: { claims: { htu: `${victim.issuer}/oauth/revoke` } } }),
      ],
      'for another host': [
        'proof_other_url',
        async () => ({ proof: { claims: { htu: 'https://evil.example/oauth/token' } } }),
      ],
      'for another method': ['proof_other_url', async () => ({ proof: { claims: { htm: 'GET' } } })],
      'alg: none': [
        'proof_algorithm',
        async () => ({ proofText: await resigned(await victim.proof('POST', '/oauth/token'), { none: true }) }),
      ],
      'HS256 with the public key as the secret': [
        'proof_algorithm',
        async () => ({
          proofText: await resigned(await victim.proof('POST', '/oauth/token'), { secret: secrets[0] ?? '' }),
        }),
      ],
      'signed by another key than it shows': ['proof_invalid', async () => ({ proof: { key: thiefKey() } })],
      'a bit of the signature turned over': [
        'proof_invalid',
        async () => ({ proofText: withOtherSignatureBit(await victim.proof('POST', '/oauth/token')) }),
      ],
      'of another type': ['proof_invalid', async () => ({ proof: { header: { typ: 'JWT' } } })],
      'with its private key': [
        'proof_invalid',
        async () => ({ proof: { key: thiefKey(), header: { jwk: await exportJWK(thief.privateKey) } } }),
      ],
      'with crit': [
        'proof_invalid',
        async () => ({
          proofText: await signedBy(await victim.proof('POST', '/oauth/token'), victimKeys.privateKey, {
            crit: ['exp'],
            exp: 1,
          }),
        }),
      ],
      'from the future': [
        'proof_from_future',
        async () => ({ proof: { claims: { iat: secondsFromNow(2 * minute) } } }),
      ],
      'from the past': ['proof_too_old', async () => ({ proof: { claims: { iat: secondsFromNow(-6 * minute) } } })],
      "by another enrolled device's key": [
        'proof_other_key',
        async () => ({ proofText: await other.proof('POST', '/oauth/token') }),
      ],
      "by a stranger's key": [
        'proof_other_key',
        async () => ({ proof: { key: thiefKey(), header: { jwk: await publicJwk(thief) } } }),
      ],
    };
    for (const [name, [code, forge]] of Object.entries(proofAttacks)) {
      test(`proof ${name}: ${code}`, async () => {
        await assertRefused(scene, { code, type: 'proof.refused' }, async () => victim.token(await forge()));
      });
    }

    const assertionAttacks: Record<string, [code: string, forge: () => Promise<TokenWish>]> = {
      'for another audience': [
        'assertion_audience',
        async () => ({ assertion: { claims: { aud: 'https://other.example' } } }),
      ],
      'for us and another audience': [
        'assertion_audience',
        async () => ({ assertion: { claims: { aud: [victim.issuer, 'https://other.example'] } } }),
      ],
      'for the token endpoint instead of the issuer': [
        'assertion_audience',
        async () => ({ assertion: { claims: { aud: `${victim.issuer}/oauth/token` } } }),
      ],
      'alg: none': [
        'assertion_algorithm',
        async () => ({ assertionText: await resigned(await victim.assertion(), { none: true }) }),
      ],
      'HS256 with the public key as the secret': [
        'assertion_algorithm',
        async () => ({ assertionText: await resigned(await victim.assertion(), { secret: secrets[0] ?? '' }) }),
      ],
      'with the kid of another device': [
        'assertion_foreign_key',
        async () => ({ assertion: { header: { kid: other.fake.jkt } } }),
      ],
      'with a kid that is a path': [
        'assertion_foreign_key',
        async () => ({ assertion: { header: { kid: '../../../../dev/null' } } }),
      ],
      'with a kid that is SQL': [
        'assertion_foreign_key',
        async () => ({ assertion: { header: { kid: `' union select '${victim.fake.jkt}' --` } } }),
      ],
      'with a jku of the thief': ['assertion_invalid', async () => byThief({ jku: lure.url })],
      'with an x5u of the thief': ['assertion_invalid', async () => byThief({ x5u: lure.url })],
      'with the jwk of the thief': ['assertion_invalid', async () => byThief({ jwk: await publicJwk(thief) })],
      'with crit': [
        'assertion_invalid',
        async () => ({
          assertionText: await signedBy(await victim.assertion(), victimKeys.privateKey, { crit: ['exp'], exp: 1 }),
        }),
      ],
      'in the name of another device': [
        'assertion_invalid',
        async () => ({ assertion: { claims: { iss: other.fake.id, sub: other.fake.id }, header: { kid: undefined } } }),
      ],
      'issued by one and about another': [
        'assertion_invalid',
        async () => ({ assertion: { claims: { iss: other.fake.id } } }),
      ],
      'a bit of the signature turned over': [
        'assertion_invalid',
        async () => ({ assertionText: withOtherSignatureBit(await victim.assertion()) }),
      ],
      'from the future': [
        'assertion_from_future',
        async () => ({ assertion: { claims: { iat: secondsFromNow(2 * minute), exp: secondsFromNow(3 * minute) } } }),
      ],
      'from the past': [
        'assertion_expired',
        async () => ({ assertion: { claims: { iat: secondsFromNow(-2 * minute), exp: secondsFromNow(-1) } } }),
      ],
      'good for a day': [
        'assertion_expired',
        async () => ({ assertion: { claims: { exp: secondsFromNow(24 * hour) } } }),
      ],
      'of a device that there is not, as if it had another key': [
        'assertion_foreign_key',
        async () => {
          const id = `dev_${'0'.repeat(32)}`;
          return { assertion: { claims: { iss: id, sub: id } } };
        },
      ],
    };
    const byThief = async (header: Record<string, unknown>): Promise<TokenWish> => ({
      assertionText: await signedBy(await victim.assertion(), thiefKey(), header),
    });
    for (const [name, [code, forge]] of Object.entries(assertionAttacks)) {
      test(`assertion ${name}: ${code}`, async () => {
        await assertRefused(scene, { code, type: 'proof.refused' }, async () => victim.token(await forge()));
      });
    }

    test('a proof is good once, at the token endpoint and at the device API: proof_replayed', async () => {
      const expected = { code: 'proof_replayed', type: 'proof.refused' };
      const proofText = await victim.proof('POST', '/oauth/token');
      assert.equal((await victim.token({ proofText })).status, 200);
      await assertRefused(scene, expected, () => victim.token({ proofText }));
      const ownProof = await victim.proof('GET', '/v1/device');
      assert.equal((await victim.call('GET', '/v1/device', undefined, ownProof)).status, 200);
      await assertRefused(scene, expected, () => victim.call('GET', '/v1/device', undefined, ownProof));
    });

    test('an assertion is good once: assertion_replayed', async () => {
      const assertionText = await victim.assertion();
      assert.equal((await victim.token({ assertionText })).status, 200);
      const expected = { code: 'assertion_replayed', type: 'proof.refused' };
      await assertRefused(scene, expected, () => victim.token({ assertionText }));
    });

    test('what was shown with a refused request is used up as well', async () => {
      const proofText = await victim.proof('POST', '/oauth/token');
      assert.equal((await victim.token({ proofText, resource: 'https://nobody.example' })).status, 400);
      assert.equal((await victim.token({ proofText })).body['error_code'], 'proof_replayed');
    });
  });

  describe('access tokens at introspection', () => {
    /** The answer as it travels, so that nothing more can hide in it. */
    async function introspected(token: string, secondsLater = 0): Promise<string> {
      const made = await scene.admin.post('/v1/admin/gateways', { name: 'Asker', resources: [resource] });
      const { id, secret } = made.body as { id: string; secret: string };
      scene.backend.clock.advance(secondsLater * 1000);
      const answer = await fetch(`${scene.backend.url}/oauth/introspect`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ token }),
      });
      scene.backend.clock.advance(secondsLater * -1000);
      assert.equal(answer.status, 200);
      return answer.text();
    }
    /** Signed by the server's own key, as a confused part of it might. */
    const signedByServer = (claims: Record<string, unknown>, typ: string) =>
      scene.backend.server.deps.signingKeys.sign(claims, typ, scene.backend.clock.now());

    const forgeries: Record<string, (token: string) => string | Promise<string>> = {
      'an ID token with the same claims': (token) => signedByServer(partOf(token, 1), 'JWT'),
      'a security event with the same claims': (token) => signedByServer(partOf(token, 1), 'secevent+jwt'),
      'a token of another issuer under our key': (token) =>
        signedByServer({ ...partOf(token, 1), iss: 'https://other.example' }, 'at+jwt'),
      'a token that was never issued': (token) =>
        signedByServer({ ...partOf(token, 1), jti: `tok_${'0'.repeat(32)}` }, 'at+jwt'),
      'a token bound to another key': (token) =>
        signedByServer({ ...partOf(token, 1), cnf: { jkt: other.fake.jkt } }, 'at+jwt'),
      'a token about another device': (token) =>
        signedByServer({ ...partOf(token, 1), device_id: other.fake.id, client_id: other.fake.id }, 'at+jwt'),
      'a token without its binding': (token) => signedByServer({ ...partOf(token, 1), cnf: undefined }, 'at+jwt'),
      'a token with two audiences': (token) =>
        signedByServer({ ...partOf(token, 1), aud: [resource, 'https://other.example'] }, 'at+jwt'),
      'alg: none': (token) => resigned(token, { none: true }),
      'HS256 with the public key as the secret': async (token) => {
        const [jwk = {}] = scene.backend.server.deps.signingKeys.jwks().keys;
        const [pem = ''] = await publicKeyTexts(jwk);
        return resigned(token, { secret: pem });
      },
      "a stranger's signature under our kid": (token) => resigned(token, { key: thiefKey() }),
      "a stranger's signature under a foreign kid": (token) =>
        resigned(token, { key: thiefKey() }, { header: { kid: 'another' } }),
      "a stranger's signature with the key in the header": async (token) =>
        resigned(token, { key: thiefKey() }, { header: { jwk: await publicJwk(thief), jku: lure.url } }),
      'the token with padding': (token) => `${token}==`,
      'the token with a line break': (token) => `${token}\n`,
      'the last character of the signature bumped, which lenient decoders read alike': (token) => bumped(token),
      'a proof': () => victim.proof('POST', '/oauth/token'),
      'an assertion': () => victim.assertion(),
      'no token at all': () => 'x',
    };
    for (const [name, forge] of Object.entries(forgeries)) {
      test(`${name}: exactly {"active":false}`, async () => {
        const token = await victim.accessToken();
        assert.equal(await introspected(await forge(token)), '{"active":false}');
        assert.match(await introspected(token), /"active":true/);
      });
    }

    test('every bit of the signature counts', async () => {
      const token = await victim.accessToken();
      for (let bit = 0; bit < 512; bit += 37) {
        assert.equal(await introspected(withOtherSignatureBit(token, bit)), '{"active":false}', `bit ${bit}`);
      }
    });

    test('a token that is over, one for another gateway and a revoked one: exactly {"active":false}', async () => {
      await scene.admin.post('/v1/admin/gateways', { name: 'Elsewhere', resources: ['https://elsewhere.example'] });
      const token = await victim.accessToken();
      assert.equal(await introspected(token, 301), '{"active":false}');
      assert.equal(await introspected(await victim.accessToken('https://elsewhere.example')), '{"active":false}');
      const revoked = await fetch(`${scene.backend.url}/oauth/revoke`, {
        method: 'POST',
        body: new URLSearchParams({
          token,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await victim.assertion(),
        }),
      });
      assert.equal(revoked.status, 200);
      assert.equal(await introspected(token), '{"active":false}');
    });
  });
});

async function publicJwk({ publicKey }: GenerateKeyPairResult) {
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { kty, crv, x, y };
}

/** Another last character of the signature, whose lowest bits decoders throw away. */
function bumped(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + (alphabet[alphabet.indexOf(token.at(-1) ?? 'A') + 1] ?? '_');
}
