import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { accessTokenClaimsSchema, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { day, minute, second } from '@postern/shared/time';
import { decideDeviceCode, pollDeviceCode, waitingDevice } from '../../device-codes/index.ts';
import type { PersonCaller } from '../../http/caller.ts';
import { updateOne } from '../../storage/change.ts';
import { attestationOf, popOf } from '../testing/attested.ts';
import { fakeDevice, type FakeDevice } from '../testing/fake-device.ts';
import { addOther, personCaller } from '../testing/person.ts';
import { issuer, ownerId, resource, start, startTokenService, type TokenService } from '../testing/token-service.ts';

const path = '/oauth/device_authorization';
const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';

interface Codes {
  device_code: string;
  user_code: string;
}

/** Asks for a person, with an assertion and no proof, as clients do that know nothing of DPoP here. */
async function authorize(service: TokenService, device: FakeDevice, form: Record<string, string> = {}, headers = {}) {
  const assertion = {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await device.assertion(issuer, service.clock.now()),
  };
  return service.call('POST', path, { form: { ...assertion, resource, ...form }, headers });
}

async function codesOf(service: TokenService, device: FakeDevice): Promise<Codes> {
  const { status, body } = await authorize(service, device);
  assert.equal(status, 200, JSON.stringify(body));
  return body as Codes;
}

const poll = (service: TokenService, device: FakeDevice, code: Codes, form: Record<string, string> = {}) =>
  service.askToken(device, { form: { grant_type, device_code: code.device_code, ...form } });

async function decide(
  service: TokenService,
  code: Codes,
  as: PersonCaller = personCaller(),
  decision: 'approve' | 'deny' = 'approve',
) {
  try {
    await decideDeviceCode(service, as, { typed: code.user_code, decision }, service.clock.now());
    return 'decided';
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return error.code;
  }
}

async function asking(t: TestContext, change = {}) {
  const service = await startTokenService(t);
  const device = await service.enrol(change);
  const code = await codesOf(service, device);
  const codeOf = async (form: Record<string, string> = {}) =>
    (await poll(service, device, code, form)).code ?? 'granted';
  return { service, device, code, codeOf };
}

const typed = (code: string) => ({ typed: code, remoteAddress: '192.0.2.1' });

describe('a device that asks who is at it', () => {
  it('gets a token for its owner once they said that they are', async (t) => {
    const { service, device, code, codeOf } = await asking(t);
    assert.equal(await codeOf({}), 'authorization_pending');
    const seen = await waitingDevice(service.store.read, personCaller(), typed(code.user_code.toLowerCase()), start);
    assert.deepEqual(seen.signIn, { device: { id: device.id, name: 'laptop' }, resource });
    assert.equal(await decide(service, code), 'decided');

    const { status, body } = await poll(service, device, code);
    assert.equal(status, 200, JSON.stringify(body));
    const { access_token: token, expires_in: life } = tokenAnswerSchema.parse(body);
    assert.equal(life, 300);
    const claims = accessTokenClaimsSchema.parse(await service.signingKeys.verify(token, 'at+jwt'));
    assert.deepEqual(
      [claims.sub, claims.act, claims.aud, claims.cnf.jkt, claims.auth_time],
      [ownerId, { sub: device.id }, resource, device.jkt, (start - minute) / second],
    );
    assert.equal(await codeOf(), 'code_expired');
    assert.deepEqual(await service.auditTypes(), [
      'signing-key.rotated',
      'device-code.decided',
      'token.issued',
      'token.refused code_expired',
    ]);
  });

  it('is told to wait, to wait longer, that it was refused, or that it took too long', async (t) => {
    const { service, device, code, codeOf } = await asking(t);
    assert.deepEqual((await poll(service, device, code)).body, { interval: 5 });
    service.clock.set(start + 4 * second);
    const { code: slower, body } = await poll(service, device, code);
    assert.deepEqual([slower, body], ['slow_down', { interval: 10 }]);
    assert.equal(await decide(service, code, personCaller(), 'deny'), 'decided');
    assert.equal(await codeOf(), 'code_denied');
    const late = await codesOf(service, device);
    service.clock.set(start + 4 * second + 10 * minute);
    assert.equal(await decide(service, late), 'user_code_invalid');
    assert.equal((await poll(service, device, late)).code, 'code_expired');
    const types = await service.auditTypes();
    assert.ok(!types.some((type) => /pending|slow_down/.test(type)), 'waiting is no refusal');
  });

  it('is answered by its owner alone, in a browser', async (t) => {
    const { service, code, codeOf } = await asking(t);
    const other = await addOther(service);
    await assert.rejects(waitingDevice(service.store.read, other, typed(code.user_code), start), {
      code: 'user_code_not_yours',
    });
    assert.equal(await decide(service, code, other), 'user_code_not_yours');
    assert.equal(await decide(service, code, other, 'deny'), 'user_code_not_yours');
    assert.equal(await decide(service, code, personCaller({ via: 'api-token' })), 'session_required');
    assert.equal(await codeOf(), 'authorization_pending');
    assert.equal(await decide(service, code), 'decided');
    assert.equal(await decide(service, code), 'user_code_invalid');
    assert.equal(await codeOf(), 'granted');
  });

  it('uses an approval once, also when it asks twice at a time', async (t) => {
    const { service, code, codeOf } = await asking(t);
    await decide(service, code);
    const codes = await Promise.all([codeOf(), codeOf(), codeOf()]);
    assert.deepEqual(codes.toSorted(), ['code_expired', 'code_expired', 'granted']);
  });

  it('keeps the approval when it is refused for something that can be put right', async (t) => {
    const { service, device, code, codeOf } = await asking(t, { firewall: false, failingSince: start - 2 * day });
    await decide(service, code);
    assert.equal(await codeOf(), 'posture_refused');
    const readings = JSON.stringify({
      firewall: {
        status: 'ok',
        value: { enabled: true, provider: 'nftables' },
        method: 'nft',
        privilege: 'root',
        collectedAt: new Date(start).toISOString(),
      },
    });
    const mended = { readings, readings_hash: 'n'.repeat(43), failing_since: '{}' };
    await service.store.commit({ audit: [], changes: [updateOne('postures', { device_id: device.id }, mended)] });
    assert.equal(await codeOf(), 'granted');
  });

  it('gets the resource that was approved, and no other', async (t) => {
    const { service, code, codeOf } = await asking(t);
    await decide(service, code);
    assert.equal(await codeOf({ resource: 'https://other.example' }), 'resource_differs');
    assert.equal(await codeOf({ scope: 'all' }), 'scope_invalid');
    assert.equal(await codeOf({ device_code: '' }), 'malformed_request');
    assert.equal(await codeOf({ max_age: '59' }), 'authentication_requirements_unmet');
    assert.equal(await codeOf(), 'granted');
  });

  it('cannot use the code of another device, or one for enrolling, nor enrol with its own', async (t) => {
    const { service, device, code } = await asking(t);
    await decide(service, code);
    assert.equal((await poll(service, await service.enrol(), code)).code, 'code_expired');
    const { body } = await service.call('POST', path, { form: { client_id: 'postern-agent', device_name: 'new' } });
    const forEnrolling = body as Codes;
    assert.equal(await decide(service, forEnrolling, await addOther(service)), 'decided');
    assert.equal((await poll(service, device, forEnrolling)).code, 'code_expired');
    const enrolling = { deviceCode: code.device_code, deviceId: null };
    await assert.rejects(pollDeviceCode(service, enrolling, start), { code: 'code_expired' });
    assert.equal((await poll(service, device, code)).code, undefined);
  });

  it('gets nothing for a person whose device it no longer is', async (t) => {
    const { service, code, codeOf } = await asking(t);
    await decide(service, code);
    const given = updateOne(
      'device_codes',
      { hash: sha256(code.device_code) },
      { owner_id: (await addOther(service)).id },
    );
    await service.store.commit({ audit: [], changes: [given] });
    assert.equal(await codeOf(), 'subject_not_owner');
  });
});

describe('an enrolled device that starts to ask', () => {
  const codeOf = async (...given: Parameters<typeof authorize>) => (await authorize(...given)).code ?? 'started';

  it('shows which one it is, by any method', async (t) => {
    const service = await startTokenService(t);
    const [device, stranger] = [await service.enrol(), await fakeDevice()];
    const attested = async (headers: Record<string, string>) =>
      (await service.call('POST', path, { form: { resource }, headers })).code ?? 'started';
    const attestation = { 'oauth-client-attestation': await attestationOf(service, device) };
    assert.equal(await attested({ ...attestation, dpop: await service.proofFor(device, path) }), 'started');
    assert.equal(
      await attested({ ...attestation, 'oauth-client-attestation-pop': await popOf(service, device) }),
      'started',
    );
    assert.equal(await attested(attestation), 'proof_missing', 'an attestation alone proves no possession');
    assert.equal(await attested({ ...attestation, dpop: await service.proofFor(stranger, path) }), 'proof_other_key');
    assert.equal(await attested({ ...attestation, dpop: await service.proofFor(device) }), 'proof_other_url');
    assert.equal(await attested({}), 'assertion_missing', 'a resource is for those that are enrolled');
    assert.equal(
      await codeOf(service, stranger),
      'assertion_invalid',
      'as with a wrong key: nobody learns which devices there are',
    );
    assert.equal(
      await codeOf(service, device, {}, { dpop: await service.proofFor(stranger, path) }),
      'proof_other_key',
    );
    assert.equal(await codeOf(service, device, {}, { dpop: await service.proofFor(device, path) }), 'started');
  });

  it('uses up what it shows', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const client_assertion = await device.assertion(issuer, start);
    assert.equal(await codeOf(service, device, { client_assertion }), 'started');
    assert.equal(await codeOf(service, device, { client_assertion }), 'assertion_replayed');
    const refused = await device.assertion(issuer, start);
    assert.equal(
      await codeOf(service, device, { client_assertion: refused, resource: 'https://no.example' }),
      'resource_unknown',
    );
    assert.equal(await codeOf(service, device, { client_assertion: refused }), 'assertion_replayed');
    const rows = await service.store.read.selectFrom('device_codes').select('device_id').execute();
    assert.deepEqual(rows, [{ device_id: device.id }]);
  });

  it('is refused when it is barred, or asks for nothing', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    assert.equal(await codeOf(service, device, { resource: '' }), 'resource_unknown');
    assert.equal(await codeOf(service, device, { scope: 'all' }), 'scope_invalid');
    for (const state of ['pending', 'suspended', 'retired'])
      assert.equal(await codeOf(service, await service.enrol({ device: { state } })), `device_${state}`);
  });

  it('may ask before its posture is in order', async (t) => {
    const service = await startTokenService(t);
    assert.equal(await codeOf(service, await service.enrol({ silent: true })), 'started');
  });
});
