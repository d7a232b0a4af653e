import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { generateKeyPair, type GenerateKeyPairResult } from 'jose';
import { partOf, publicKeyTexts, resigned, withOtherSignatureBit } from '../support/forged-jws.ts';
import type { HttpDevice } from '../support/http-device.ts';
import { attested, resource, suiteScope } from '../support/scene.ts';
import { proofOf, type Question, type VerifyGateway } from '../support/verify-gateway.ts';
import {
  askWith,
  assertDenied,
  assertPassed,
  familyNames,
  openVerifyScene,
  ownedIn,
  type VerifyScene,
} from '../support/verify-scene.ts';

const url = 'https://app.example/reports';

for (const family of familyNames) {
  describe(`/verify for ${family}`, () => {
    const scope = suiteScope();
    let scene: VerifyScene;
    let gateway: VerifyGateway;
    let device: HttpDevice;
    let other: HttpDevice;
    let thief: GenerateKeyPairResult;
    let token: string;

    before(async () => {
      scene = await openVerifyScene(scope);
      gateway = scene.gateways[family];
      ({ device } = scene);
      other = await attested(scene.backend, scene.admin);
      thief = await generateKeyPair('ES256', { extractable: true });
      await scene.admin.post('/v1/admin/gateways', { name: 'Elsewhere', resources: ['https://elsewhere.example'] });
      token = await device.accessToken();
    });
    after(() => scope.clean());

    const ask = (question: Question = {}, text = token) => askWith(gateway, device, text, question);
    /** Signed by the server's own key, as a confused part of it might. */
    const signedByServer = (change: Record<string, unknown>, typ = 'at+jwt') =>
      scene.backend.server.deps.signingKeys.sign({ ...partOf(token, 1), ...change }, typ, scene.backend.clock.now());

    test('a good token with a good proof passes, and every owned header is there', async () => {
      const answer = await ask();
      assertPassed(answer);
      assert.equal(answer.text, '');
      assert.deepEqual(ownedIn(answer), {
        'X-Auth-Request-User': '',
        'X-Auth-Request-Email': '',
        'X-Auth-Request-Groups': '',
        'X-Auth-Request-Device': device.fake.id,
        'X-Auth-Request-Owner': String(partOf(token, 1)['owner']),
        'X-Auth-Request-Roles': '',
        'X-Posture-Status': 'compliant',
        'X-Posture-Reason': '',
      });
      assert.match(String(answer.headers['dpop-nonce']), /^[\w-]{40,}$/);
      assert.equal(answer.headers['cache-control'], 'no-store');
    });

    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      test(`${method} is answered like any other method`, async () => assertPassed(await ask({ method })));
    }

    const tokens: Record<string, [code: string, forge: () => string | Promise<string>]> = {
      expired: ['access_token_expired', () => signedByServer({ exp: Math.floor(scene.backend.clock.now() / 1000) })],
      'for another application': ['access_token_invalid', () => device.accessToken('https://elsewhere.example')],
      'of another issuer': ['access_token_invalid', () => signedByServer({ iss: 'https://other.example' })],
      "with a stranger's signature": ['access_token_invalid', () => resigned(token, { key: thief.privateKey })],
      'with alg none': ['access_token_invalid', () => resigned(token, { none: true })],
      'with HS256 and the public key as the secret': [
        'access_token_invalid',
        async () => {
          const [jwk = {}] = scene.backend.server.deps.signingKeys.jwks().keys;
          return resigned(token, { secret: (await publicKeyTexts(jwk))[0] ?? '' });
        },
      ],
      'without exp': ['access_token_invalid', () => signedByServer({ exp: undefined })],
      'with two audiences': ['access_token_invalid', () => signedByServer({ aud: [resource, 'https://b.example'] })],
      'of another type': ['access_token_invalid', () => signedByServer({}, 'JWT')],
      'without its binding': ['access_token_invalid', () => signedByServer({ cnf: undefined })],
      'that was never issued': ['access_token_invalid', () => signedByServer({ jti: `tok_${'0'.repeat(32)}` })],
      'of another device': ['proof_other_key', () => other.accessToken()],
      'with another bit of its signature': ['access_token_invalid', () => withOtherSignatureBit(token)],
      'with padding': ['access_token_invalid', () => `${token}==`],
      'of 10 kB': ['access_token_invalid', () => `${token}${'A'.repeat(10_000)}`],
      twice: ['access_token_invalid', () => `${token}, DPoP ${token}`],
      'that is none': ['access_token_invalid', () => 'x'],
    };
    for (const [what, [code, forge]] of Object.entries(tokens)) {
      test(`a token ${what} is refused: ${code}`, async () => {
        // A token under our key but for the device that made the proof: what is wrong is the token alone.
        assertDenied(await ask({}, await forge()), 401, code);
        assertPassed(await ask());
      });
    }

    test('a token of 40 kB is refused before it is read', async () => {
      const { status } = await gateway.ask({ authorization: `DPoP ${'A'.repeat(40_000)}` });
      assert.equal(status, 431);
    });

    test('a bound token as Bearer is refused, with its proof and without', async () => {
      assertDenied(await ask({ authorization: `Bearer ${token}` }), 401, 'access_token_unbound');
      assertDenied(await ask({ authorization: `bearer ${token}`, proof: undefined }), 401, 'access_token_unbound');
    });

    test('nothing at all is asked for a token, without an error (RFC 6750 section 3.1)', async () => {
      const answer = await gateway.ask({});
      assertDenied(answer, 401, 'access_token_missing');
      assert.equal(answer.headers['www-authenticate'], 'DPoP algs="ES256"');
    });

    test('two Authorization headers or two proofs are refused', async () => {
      const twice = await ask({ client: [['Authorization', `DPoP ${token}`]] });
      assertDenied(twice, 403, 'duplicate_parameter');
      const proofs = await ask({ client: [['DPoP', await proofOf(device, token)]] });
      assertDenied(proofs, 403, 'duplicate_parameter');
      const joined = `${await proofOf(device, token)}, ${await proofOf(device, token)}`;
      assertDenied(await ask({ proof: joined }), 401, 'proof_invalid');
    });

    const proofs: Record<string, [code: string, forge: () => string | undefined | Promise<string>]> = {
      missing: ['proof_missing', () => undefined],
      'for another address': ['proof_other_url', () => proofOf(device, token, { url: `${url}/1` })],
      'for another host': ['proof_other_url', () => proofOf(device, token, { url: 'https://evil.example/reports' })],
      'for another scheme': ['proof_other_url', () => proofOf(device, token, { url: 'http://app.example/reports' })],
      'for another method': ['proof_other_url', () => proofOf(device, token, { method: 'POST' })],
      'for the backend': ['proof_other_url', () => proofOf(device, token, { url: scene.backend.url })],
      'by another key': ['proof_other_key', () => proofOf(other, token)],
      'for another token': ['proof_invalid', () => proofOf(device, `${token}x`)],
    };
    for (const [what, [code, forge]] of Object.entries(proofs)) {
      test(`a proof ${what} is refused: ${code}`, async () => {
        assertDenied(await ask({ proof: await forge() }), 401, code);
      });
    }

    test('a proof without ath is refused', async () => {
      const call = { method: 'GET', url, nonce: await device.nonce(), now: scene.backend.clock.now() };
      assertDenied(await ask({ proof: await device.fake.dpopProof(call) }), 401, 'proof_invalid');
    });

    test('a proof is good once, and used up also where the device is refused', async () => {
      const proof = await proofOf(device, token);
      assertPassed(await ask({ proof }));
      const again = await ask({ proof });
      assertDenied(again, 401, 'proof_replayed');
      assert.match(String(again.headers['www-authenticate']), /^DPoP error="invalid_dpop_proof", error_description="/);
    });

    test('of ten at once with one proof, one passes', async () => {
      const proof = await proofOf(device, token);
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask({ proof })));
      const counts = [200, 401].map((status) => answers.filter((each) => each.status === status).length);
      assert.deepEqual(counts, [1, 9]);
    });

    test('who lacks a nonce is given one, and passes with it', async () => {
      const call = { method: 'GET', url, now: scene.backend.clock.now(), accessToken: token };
      const without = await device.fake.dpopProof({ ...call, nonce: '', claims: { nonce: undefined } });
      const first = await ask({ proof: without });
      assertDenied(first, 401, 'nonce_required');
      assert.match(String(first.headers['www-authenticate']), /^DPoP error="use_dpop_nonce", /);
      const nonce = String(first.headers['dpop-nonce']);
      assertPassed(await ask({ proof: await device.fake.dpopProof({ ...call, nonce }) }));
    });

    test('the query is no part of what a proof is for, and the address may be written in other ways', async () => {
      const proof = () => proofOf(device, token);
      assertPassed(await ask({ url: `${url}?a=b&a=c&acr_values=none&x=%2f..;`, proof: await proof() }));
      assertPassed(await ask({ url: 'https://App.Example:443/repor%74s', proof: await proof() }));
      assertDenied(await ask({ url: 'https://app.example:444/reports', proof: await proof() }), 401, 'proof_other_url');
    });

    test('identity that the client sends along is ignored', async () => {
      const client: [string, string][] = Object.keys(ownedIn(await ask())).flatMap((name) => [
        [name, 'admin'],
        [name.replaceAll('-', '_'), 'admin'],
      ]);
      const answer = await ask({ client });
      assertPassed(answer);
      assert.ok(!JSON.stringify(answer.headers).includes('admin'));
      assertDenied(await gateway.ask({ client }), 401, 'access_token_missing');
    });
  });
}
