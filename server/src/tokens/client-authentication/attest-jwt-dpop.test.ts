import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import fc from 'fast-check';
import { accessTokenClaimsSchema, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { minute } from '@postern/shared/time';
import { updateOne } from '../../storage/change.ts';
import { askAttested, attestationOf, popOf } from '../testing/attested.ts';
import { fakeDevice } from '../testing/fake-device.ts';
import { issuer, start, startTokenService } from '../testing/token-service.ts';

const attestationType = 'oauth-client-attestation+jwt';

describe('a client attestation combined with a DPoP proof', () => {
  it('gets a token that is bound to the key of both', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const { status, body } = await askAttested(service, device);
    assert.equal(status, 200);
    const { access_token: token } = tokenAnswerSchema.parse(body);
    const claims = accessTokenClaimsSchema.parse(await service.signingKeys.verify(token, 'at+jwt'));
    assert.equal(claims.sub, device.id);
    assert.deepEqual(claims.cnf, { jkt: device.jkt });
  });

  it('costs one write of one used-up proof, and no read while nothing changes, and is verified once', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const attestation = await attestationOf(service, device);
    const verifications = t.mock.method(service.signingKeys, 'verify');
    await askAttested(service, device, { attestation });
    const before = service.store.roundTrips();
    assert.equal((await askAttested(service, device, { attestation })).status, 200);
    const after = service.store.roundTrips();
    assert.deepEqual([after.reads - before.reads, after.writes - before.writes], [0, 1]);
    assert.equal(verifications.mock.callCount(), 1);
    const spent = await service.store.read.selectFrom('replays').select('key').execute();
    assert.equal(spent.length, 2);
  });

  it('whose proof was used before is refused', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const proof = await service.proofFor(device);
    assert.equal((await askAttested(service, device, { proof })).status, 200);
    assert.equal((await askAttested(service, device, { proof })).code, 'proof_replayed');
  });

  it('whose proof has no nonce, or an old one, is answered with a fresh one and not recorded', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const attestation = await attestationOf(service, device);
    const at = { method: 'POST', url: `${issuer}/oauth/token`, now: start + 6 * minute };
    const stale = await device.proof({ ...at, nonce: service.nonces.issue(start) });
    service.clock.set(start + 6 * minute);
    const { code, headers } = await askAttested(service, device, { proof: stale, attestation });
    assert.equal(code, 'nonce_required');
    const fresh = await device.proof({ ...at, nonce: headers['DPoP-Nonce'] ?? '' });
    assert.equal((await askAttested(service, device, { proof: fresh, attestation })).status, 200);
    assert.deepEqual((await service.auditTypes()).slice(1), ['token.issued']);
  });

  it('that was stolen is worth nothing without the key', async (t) => {
    const service = await startTokenService(t);
    const [device, thief] = [await service.enrol(), await service.enrol()];
    const attestation = await attestationOf(service, device);
    assert.equal((await askAttested(service, thief, { attestation })).code, 'proof_other_key');
    assert.equal((await askAttested(service, await fakeDevice(), { attestation })).code, 'proof_other_key');
  });

  it('is refused once it has expired, also when it was verified before: the device is to ask for a fresh one', async (t) => {
    const service = await startTokenService(t);
    const [device, other] = [await service.enrol(), await service.enrol()];
    const [known, unknown] = [await attestationOf(service, device), await attestationOf(service, other)];
    assert.equal((await askAttested(service, device, { attestation: known })).status, 200);
    service.clock.set(start + 14 * minute);
    assert.equal((await askAttested(service, device, { attestation: known })).code, 'client_attestation_expired');
    assert.equal((await askAttested(service, other, { attestation: unknown })).code, 'client_attestation_expired');
  });

  it('is worth nothing once the key that signed it was withdrawn, however often it was good', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const attestation = await attestationOf(service, device);
    assert.equal((await askAttested(service, device, { attestation })).status, 200);
    await service.signingKeys.rotateNow(start);
    assert.equal((await askAttested(service, device, { attestation })).code, 'client_attestation_invalid');
    assert.equal((await askAttested(service, device)).status, 200);
  });

  it('for a key that the device no longer has is worth nothing', async (t) => {
    const service = await startTokenService(t);
    const [device, successor] = [await service.enrol(), await fakeDevice()];
    const attestation = await attestationOf(service, device);
    assert.equal((await askAttested(service, device, { attestation })).status, 200);
    const row = { jkt: successor.jkt, jwk: JSON.stringify(successor.jwk) };
    await service.store.commit({ audit: [], changes: [updateOne('devices', { id: device.id }, row)] });
    assert.equal((await askAttested(service, device, { attestation })).code, 'client_attestation_foreign_key');
    assert.equal((await askAttested(service, successor, { attestation })).code, 'client_attestation_foreign_key');
  });

  it('does not stand for the posture: that is asked anew', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const attestation = await attestationOf(service, device);
    assert.equal((await askAttested(service, device, { attestation })).status, 200);
    const suspend = updateOne('devices', { id: device.id }, { state: 'suspended' });
    await service.store.commit({ audit: [], changes: [suspend] });
    assert.equal((await askAttested(service, device, { attestation })).code, 'device_suspended');
  });

  it('that names another client than client_id does, or comes beside an assertion, is refused', async (t) => {
    const service = await startTokenService(t);
    const [device, other] = [await service.enrol(), await service.enrol()];
    const ask = async (form: Record<string, string>) =>
      (await askAttested(service, device, { form })).code ?? 'granted';
    assert.equal(await ask({ client_id: device.id }), 'granted');
    assert.equal(await ask({ client_id: other.id }), 'client_attestation_invalid');
    assert.equal(await ask({ client_assertion: await device.assertion(issuer, start) }), 'client_authentication_twice');
  });

  it('that this server did not make is refused: by another key, unsigned, of another type or issuer', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const seconds = start / 1000;
    const claims = { iss: issuer, sub: device.id, iat: seconds, exp: seconds + 600, cnf: { jwk: device.jwk } };
    const kid = service.signingKeys.jwks().keys[0]?.['kid'];
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const forged = (header: Record<string, unknown>) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: attestationType, ...header }).sign(privateKey);
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const ours = (change: object, typ = attestationType) =>
      service.signingKeys.sign({ ...claims, ...change }, typ, start);
    const texts = {
      'by another key': await forged({ kid }),
      'by a key of its own': await forged({ kid: 'mine', jwk: await exportJWK(publicKey) }),
      'by the device itself': await device.sign({ alg: 'ES256', typ: attestationType, kid }, claims),
      'without kid': await forged({}),
      unsigned: `${encode({ alg: 'none', typ: attestationType, kid })}.${encode(claims)}.`,
      'with the public key for a secret': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: attestationType, kid: String(kid) })
        .sign(Buffer.from(JSON.stringify(service.signingKeys.jwks().keys[0]))),
      'an access token': await ours({}, 'at+jwt'),
      'of another issuer': await ours({ iss: 'https://other.example' }),
      'without key': await ours({ cnf: undefined }),
      'with a private key': await ours({ cnf: { jwk: { ...device.jwk, d: 'x' } } }),
      'of no device': await ours({ sub: 'me' }),
      'without end': await ours({ exp: undefined }),
      empty: '',
      'too long': 'x'.repeat(100_000),
    };
    for (const [what, attestation] of Object.entries(texts)) {
      const { code } = await askAttested(service, device, { attestation });
      assert.equal(code, 'client_attestation_invalid', what);
    }
    assert.equal((await askAttested(service, device, { attestation: await ours({}) })).status, 200);
  });

  it('is refused when any of its characters is another, also right after it was good', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const attestation = await attestationOf(service, device);
    assert.equal((await askAttested(service, device, { attestation })).status, 200);
    const character = fc.constantFrom('A', 'Q', 'g', 'w', 'z', '0', '-', '_', '.', '=', '+', ' ', '\n', '\0', 'é');
    await fc.assert(
      fc.asyncProperty(fc.nat(attestation.length - 1), character, async (at, other) => {
        fc.pre(attestation[at] !== other);
        const changed = attestation.slice(0, at) + other + attestation.slice(at + 1);
        assert.equal((await askAttested(service, device, { attestation: changed })).code, 'client_attestation_invalid');
      }),
      { numRuns: 200 },
    );
  });
});

describe('a client attestation with a proof of possession of its own', () => {
  it('gets a token, once', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const pop = await popOf(service, device);
    assert.equal((await askAttested(service, device, { pop })).status, 200);
    const again = await askAttested(service, device, { pop });
    assert.deepEqual([again.status, again.code], [401, 'attestation_pop_replayed']);
  });

  it('without the challenge of this server is answered with one', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    for (const challenge of [undefined, 'made-up', service.nonces.issue(start - 6 * minute)]) {
      const pop = await popOf(service, device, { claims: { challenge } });
      const { status, code, headers } = await askAttested(service, device, { pop });
      assert.deepEqual([status, code], [400, 'attestation_pop_challenge']);
      const retried = await popOf(service, device, {
        claims: { challenge: headers['OAuth-Client-Attestation-Challenge'] },
      });
      assert.equal((await askAttested(service, device, { pop: retried })).status, 200);
    }
  });

  it('is refused when the proof is not one for this server, this time and this key', async (t) => {
    const service = await startTokenService(t);
    const [device, thief] = [await service.enrol(), await service.enrol()];
    const attestation = await attestationOf(service, device);
    const seconds = start / 1000;
    const pops = {
      'by another key': await popOf(service, thief),
      'of another type': await popOf(service, device, { header: { typ: 'dpop+jwt' } }),
      unsigned: await popOf(service, device, { header: { alg: 'none' } }),
      'for another server': await popOf(service, device, { claims: { aud: 'https://other.example' } }),
      'for two servers': await popOf(service, device, { claims: { aud: [issuer, 'https://other.example'] } }),
      'for the endpoint rather than the issuer': await popOf(service, device, {
        claims: { aud: `${issuer}/oauth/token` },
      }),
      'of the future': await popOf(service, device, { claims: { iat: seconds + 61 } }),
      'too old': await popOf(service, device, { claims: { iat: seconds - 301 } }),
      'without jti': await popOf(service, device, { claims: { jti: undefined } }),
      'with crit': await popOf(service, device, { header: { crit: ['exp'] } }),
      empty: '',
    };
    for (const [what, pop] of Object.entries(pops)) {
      const { status, code } = await askAttested(service, device, { attestation, pop });
      assert.deepEqual([status, code], [401, 'attestation_pop_invalid'], what);
    }
  });

  it('is refused with a proof and no attestation', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const headers = {
      dpop: await service.proofFor(device),
      'oauth-client-attestation-pop': await popOf(service, device),
    };
    const form = { grant_type: 'client_credentials', client_id: device.id };
    assert.equal((await service.call('POST', '/oauth/token', { headers, form })).code, 'client_attestation_invalid');
  });
});
