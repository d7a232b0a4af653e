import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accessTokenClaimsSchema, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { day, minute, second } from '@postern/shared/time';
import { updateOne } from '../storage/change.ts';
import { issuer, ownerId, resource, start, startTokenService, type TokenService } from './testing/token-service.ts';
import { approveException, exceptionId } from './testing/exception.ts';
import { fakeDevice } from './testing/fake-device.ts';

async function claimsOf(service: TokenService, body: unknown) {
  const { access_token: token } = tokenAnswerSchema.parse(body);
  return accessTokenClaimsSchema.parse(await service.signingKeys.verify(token, 'at+jwt'));
}

describe('the token endpoint grants', () => {
  it('a token to a device that dates its proof and its assertion with fractions of a second, once', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const seconds = start / 1000;
    const proof = await device.proof(
      { method: 'POST', url: `${issuer}/oauth/token`, nonce: service.nonces.issue(start), now: start },
      { claims: { iat: seconds + 0.123_456_7 } },
    );
    const assertion = await device.assertion(issuer, start, {
      claims: { iat: seconds - 0.1, exp: seconds + 60.000_000_7 },
    });
    assert.equal((await service.askToken(device, { proof, assertion })).status, 200);
    assert.equal((await service.askToken(device, { proof })).code, 'proof_replayed');
    assert.equal((await service.askToken(device, { assertion })).code, 'assertion_replayed');
  });

  it('a token that is bound to the device key, for one resource, in at most 1 kB', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const { status, body, headers } = await service.askToken(device);
    assert.equal(status, 200);
    const answer = tokenAnswerSchema.parse(body);
    assert.equal(answer.expires_in, 300);
    assert.ok(answer.access_token.length <= 1024);
    assert.equal(headers['Cache-Control'], 'no-store');
    assert.equal(service.nonces.check(headers['DPoP-Nonce'] ?? '', start), 'fresh');
    const claims = await claimsOf(service, body);
    assert.deepEqual(
      { ...claims, jti: '' },
      {
        iss: issuer,
        aud: resource,
        sub: device.id,
        owner: ownerId,
        client_id: device.id,
        device_id: device.id,
        iat: start / 1000,
        exp: start / 1000 + 300,
        jti: '',
        cnf: { jkt: device.jkt },
        acr: 'urn:postern:posture:compliant',
        posture: { status: 'compliant', at: start / 1000 - 60, att: 3 },
      },
    );
    assert.deepEqual(await service.auditTypes(), ['signing-key.rotated', 'token.issued']);
  });

  it('in one round trip to the database, once it knows the device, and in two when it has changed', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await service.askToken(device);
    const cost = async () => {
      const before = service.store.roundTrips();
      assert.equal((await service.askToken(device)).status, 200);
      const after = service.store.roundTrips();
      return { reads: after.reads - before.reads, writes: after.writes - before.writes };
    };
    assert.deepEqual(await cost(), { reads: 0, writes: 1 });
    await service.store.commit({ changes: [updateOne('devices', { id: device.id }, { name: 'new' })], audit: [] });
    assert.deepEqual(await cost(), { reads: 1, writes: 1 });
  });

  it('no longer than the evidence is fresh', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ receivedAt: start - 13 * minute });
    assert.equal(tokenAnswerSchema.parse((await service.askToken(device)).body).expires_in, 120);
  });

  it('no longer than until the deadline of a rule in grace', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ firewall: false, failingSince: start - day + 30 * second });
    const { body } = await service.askToken(device);
    assert.equal(tokenAnswerSchema.parse(body).expires_in, 30);
    assert.equal((await claimsOf(service, body)).posture.status, 'grace');
  });

  it('under an exception, which the token names and does not outlive', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ firewall: false, failingSince: start - 2 * day });
    await approveException(service, device, start + 42_500);
    const { body } = await service.askToken(device);
    assert.equal(tokenAnswerSchema.parse(body).expires_in, 42);
    assert.deepEqual((await claimsOf(service, body)).posture.exc, [exceptionId]);
    service.clock.set(start + 42_500);
    assert.equal((await service.askToken(device)).code, 'posture_refused');
  });
});

describe('the token endpoint refuses', () => {
  it('a device that does not meet the policy, and says which rule, since when and what to do', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ firewall: false, failingSince: start - 2 * day });
    const { status, code, body } = await service.askToken(device);
    assert.equal(status, 400);
    assert.equal(code, 'posture_refused');
    assert.deepEqual(body, {
      posture_status: 'non-compliant',
      failed_checks: [
        {
          rule: 'baseline/firewall',
          title: 'The firewall is on',
          outcome: 'fail',
          expected: 'on',
          observed: (body as { failed_checks: { observed: string }[] }).failed_checks[0]?.observed,
          reason: null,
          since: '2026-11-19T09:30:00.000Z',
          deadline: '2026-11-20T09:30:00.000Z',
          fix: { text: 'Switch it on.', link: null },
        },
      ],
      remediation_uri: 'https://trust.example/console/',
    });
    assert.deepEqual((await service.auditTypes()).slice(1), ['token.refused posture_refused']);
  });

  const states = [
    ['a device that waits for an admin', { device: { state: 'pending' } }, 'device_pending'],
    ['a suspended device', { device: { state: 'suspended' } }, 'device_suspended'],
    ['a retired device', { device: { state: 'retired' } }, 'device_retired'],
    ['a device in quarantine', { device: { quarantine_cause: 'forked', quarantined_at: start } }, 'device_quarantined'],
    ['a device that never attested', { silent: true }, 'never_attested'],
    ['stale evidence', { receivedAt: start - 15 * minute }, 'evidence_stale'],
    ['evidence that is fresh for less than a second', { receivedAt: start - 15 * minute + 999 }, 'evidence_stale'],
  ] as const;
  for (const [what, change, code] of states) {
    it(what, async (t) => {
      const service = await startTokenService(t);
      const device = await service.enrol(change);
      assert.equal((await service.askToken(device)).code, code);
      assert.deepEqual((await service.auditTypes()).slice(1), [`token.refused ${code}`]);
    });
  }

  it('the device of a person who has no access any more', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    await service.store.commit({ audit: [], changes: [updateOne('users', { id: ownerId }, { active: 0 })] });
    assert.equal((await service.askToken(device)).code, 'owner_inactive');
  });

  it('a proof that was used before, also by a request that was refused', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const proof = await service.proofFor(device);
    assert.equal(
      (await service.askToken(device, { proof, form: { resource: 'https://other.example' } })).code,
      'resource_unknown',
    );
    assert.equal((await service.askToken(device, { proof })).code, 'proof_replayed');
    assert.deepEqual((await service.auditTypes()).slice(1), [
      'token.refused resource_unknown',
      'proof.refused proof_replayed',
    ]);
  });

  it('an assertion that was used before', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const assertion = await device.assertion(issuer, start);
    assert.equal((await service.askToken(device, { assertion })).status, 200);
    assert.equal((await service.askToken(device, { assertion })).code, 'assertion_replayed');
  });

  it('one of two requests that use the same proof at the same moment', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const proof = await service.proofFor(device);
    const outcomes = await Promise.all([1, 2, 3].map(() => service.askToken(device, { proof })));
    assert.deepEqual(
      outcomes.map(({ status, code }) => code ?? String(status)).toSorted((a, b) => a.localeCompare(b)),
      ['200', 'proof_replayed', 'proof_replayed'],
    );
  });

  it('a proof with another key than the one of the device', async (t) => {
    const service = await startTokenService(t);
    const [device, thief] = [await service.enrol(), await fakeDevice()];
    assert.equal((await service.askToken(device, { proof: await service.proofFor(thief) })).code, 'proof_other_key');
  });

  it('a proof without nonce: gives one, uses nothing up and writes nothing', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const assertion = await device.assertion(issuer, start);
    const proof = await device.proof(
      { method: 'POST', url: `${issuer}/oauth/token`, nonce: '', now: start },
      { claims: { nonce: undefined } },
    );
    const before = service.store.roundTrips();
    const { code, headers } = await service.askToken(device, { proof, assertion });
    assert.equal(code, 'nonce_required');
    assert.deepEqual(service.store.roundTrips(), before);
    const retried = await device.proof({
      method: 'POST',
      url: `${issuer}/oauth/token`,
      nonce: headers['DPoP-Nonce'] ?? '',
      now: start,
    });
    assert.equal((await service.askToken(device, { proof: retried, assertion })).status, 200);
  });

  it('a device that nobody enrolled', async (t) => {
    const service = await startTokenService(t);
    assert.equal((await service.askToken(await fakeDevice())).code, 'assertion_invalid');
    assert.deepEqual((await service.auditTypes()).slice(1), ['proof.refused assertion_invalid']);
  });

  it('other grants, scopes, and requests that name no resource', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const ask = async (form: Record<string, string>) => (await service.askToken(device, { form })).code;
    assert.equal(await ask({ grant_type: 'password' }), 'grant_unsupported');
    assert.equal(await ask({ scope: 'app:admin' }), 'scope_invalid');
    const bare = await service.call('POST', '/oauth/token', {
      headers: { dpop: await service.proofFor(device) },
      form: {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await device.assertion(issuer, start),
      },
    });
    assert.equal(bare.code, 'resource_missing');
  });

  it('a resource whose last gateway was removed, although it knew it', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    assert.equal((await service.askToken(device)).status, 200);
    await service.store.commit({ audit: [], changes: [updateOne('gateways', { name: 'App' }, { removed_at: start })] });
    assert.equal((await service.askToken(device)).code, 'resource_unknown');
  });
});
