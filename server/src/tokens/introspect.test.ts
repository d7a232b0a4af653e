import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sha256 } from '@postern/shared/digest';
import { introspectionAnswerSchema, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { day, minute } from '@postern/shared/time';
import { insert, updateOne } from '../storage/change.ts';
import { approveException, exceptionId } from './testing/exception.ts';
import type { FakeDevice } from './testing/fake-device.ts';
import {
  basicHeaders,
  gatewayHeaders,
  gatewayId,
  issuer,
  ownerId,
  start,
  startTokenService,
  type TokenService,
} from './testing/token-service.ts';

async function tokenFor(service: TokenService, device: FakeDevice): Promise<string> {
  return tokenAnswerSchema.parse((await service.askToken(device)).body).access_token;
}

async function introspect(service: TokenService, token: string, headers = gatewayHeaders) {
  const { status, body } = await service.call('POST', '/oauth/introspect', { headers, form: { token } });
  assert.equal(status, 200);
  return introspectionAnswerSchema.parse(body);
}

const inactive = { active: false };
const otherGatewayId = `gw_${'c'.repeat(32)}`;

async function addGateway({ store }: TokenService, resources: string[]): Promise<void> {
  const row = { name: 'Other', secret_hash: sha256('other secret'), created_at: start, removed_at: null };
  const change = insert('gateways', { id: otherGatewayId, resources: JSON.stringify(resources), ...row });
  await store.commit({ audit: [], changes: [change] });
}

describe('introspection', () => {
  it('says what a good token says, in one read', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const token = await tokenFor(service, device);
    // Once, so that the gateways are in memory, as they are in a backend that runs.
    await introspect(service, token);
    const before = service.store.roundTrips();
    const answer = await introspect(service, token);
    const after = service.store.roundTrips();
    assert.deepEqual(
      { reads: after.reads - before.reads, writes: after.writes - before.writes },
      { reads: 1, writes: 0 },
    );
    assert.ok(answer.active);
    assert.equal(answer.token_type, 'DPoP');
    assert.equal(answer.cnf.jkt, device.jkt);
  });

  it('says no more than that it is inactive to a gateway of another resource', async (t) => {
    const service = await startTokenService(t);
    const token = await tokenFor(service, await service.enrol());
    await addGateway(service, ['https://other.example']);
    const answer = await introspect(service, token, basicHeaders(otherGatewayId, 'other secret'));
    assert.deepEqual(answer, inactive);
  });

  it('is refused to whoever does not show that they are a gateway', async (t) => {
    const service = await startTokenService(t);
    const token = await tokenFor(service, await service.enrol());
    const ask = async (headers: Record<string, string>) =>
      (await service.call('POST', '/oauth/introspect', { headers, form: { token } })).code;
    for (const headers of [{}, basicHeaders(gatewayId, 'wrong'), basicHeaders('gw_nobody', 'x'), basicHeaders('', '')])
      assert.equal(await ask(headers), 'client_authentication_failed');
  });

  it('is refused at once to a gateway that was removed, and answers one that was just added', async (t) => {
    const service = await startTokenService(t);
    const token = await tokenFor(service, await service.enrol());
    await introspect(service, token);
    await addGateway(service, ['https://app.example']);
    const others = basicHeaders(otherGatewayId, 'other secret');
    assert.equal((await introspect(service, token, others)).active, true);
    await service.store.commit({
      audit: [],
      changes: [updateOne('gateways', { id: otherGatewayId }, { removed_at: start })],
    });
    for (const each of [token, 'no-token', `${token}x`]) {
      const call = service.call('POST', '/oauth/introspect', { headers: others, form: { token: each } });
      assert.equal((await call).code, 'client_authentication_failed');
      assert.equal((await introspect(service, each)).active, each === token);
    }
  });

  it('remembers what it verified only while the key is believed', async (t) => {
    const service = await startTokenService(t);
    const token = await tokenFor(service, await service.enrol());
    assert.equal((await introspect(service, token)).active, true);
    await service.signingKeys.rotateNow(start);
    assert.deepEqual(await introspect(service, token), inactive);
  });

  it('is inactive once the token has expired', async (t) => {
    const service = await startTokenService(t);
    const token = await tokenFor(service, await service.enrol());
    service.clock.set(start + 5 * minute - 1);
    assert.equal((await introspect(service, token)).active, true);
    service.clock.set(start + 5 * minute);
    assert.deepEqual(await introspect(service, token), inactive);
  });

  it('is inactive for what is no token of ours', async (t) => {
    const service = await startTokenService(t);
    const token = await tokenFor(service, await service.enrol());
    const otherIssuer = await service.signingKeys.sign(
      { ...(await service.signingKeys.verify(token, 'at+jwt')), iss: 'https://other.example' },
      'at+jwt',
      start,
    );
    for (const each of ['x', '', 'a.b.c', `${token}=`, token.slice(0, -1), otherIssuer]) {
      assert.deepEqual(await introspect(service, each === '' ? '.' : each), inactive);
    }
  });

  const ends: [string, (service: TokenService, device: FakeDevice) => Promise<void>][] = [
    [
      'the device is suspended',
      (service, { id }) =>
        service.store.commit({ audit: [], changes: [updateOne('devices', { id }, { state: 'suspended' })] }),
    ],
    [
      'the device is in quarantine',
      (service, { id }) =>
        service.store.commit({
          audit: [],
          changes: [updateOne('devices', { id }, { quarantine_cause: 'forked', quarantined_at: start })],
        }),
    ],
    [
      'the device has another key',
      (service, { id }) =>
        service.store.commit({ audit: [], changes: [updateOne('devices', { id }, { jkt: 'j'.repeat(43) })] }),
    ],
    [
      'its person has no access any more',
      (service) => service.store.commit({ audit: [], changes: [updateOne('users', { id: ownerId }, { active: 0 })] }),
    ],
    [
      'the evidence went stale',
      (service, { id }) =>
        service.store.commit({
          audit: [],
          changes: [updateOne('evidence', { device_id: id }, { received_at: start - day })],
        }),
    ],
    [
      'the device fails a rule',
      (service, { id }) =>
        service.store.commit({
          audit: [],
          changes: [
            updateOne(
              'postures',
              { device_id: id },
              {
                readings: JSON.stringify({
                  firewall: {
                    status: 'ok',
                    value: { enabled: false, provider: 'x' },
                    method: 'x',
                    privilege: 'root',
                    collectedAt: '2026-11-21T09:30:00Z',
                  },
                }),
                failing_since: JSON.stringify({ 'baseline/firewall': { since: start - 2 * day, failed: true } }),
              },
            ),
          ],
        }),
    ],
  ];
  for (const [what, end] of ends) {
    it(`is inactive at once when ${what}`, async (t) => {
      const service = await startTokenService(t);
      const device = await service.enrol();
      const token = await tokenFor(service, device);
      assert.equal((await introspect(service, token)).active, true);
      await end(service, device);
      assert.deepEqual(await introspect(service, token), inactive);
    });
  }

  it('is inactive at once when the exception that the token leans on is revoked', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ firewall: false, failingSince: start - 2 * day });
    await approveException(service, device, start + day);
    const token = await tokenFor(service, device);
    assert.equal((await introspect(service, token)).active, true);
    await service.store.commit({
      audit: [],
      changes: [updateOne('exceptions', { id: exceptionId }, { state: 'revoked', ended_at: start })],
    });
    assert.deepEqual(await introspect(service, token), inactive);
  });
});

describe('revocation', () => {
  const clientAssertion = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const revoke = async (service: TokenService, device: FakeDevice, token: string, assertion?: string) =>
    service.call('POST', '/oauth/revoke', {
      form: {
        token,
        client_assertion_type: clientAssertion,
        client_assertion: assertion ?? (await device.assertion(issuer, start)),
      },
    });

  it('by the device ends its token, and may be asked for again', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const token = await tokenFor(service, device);
    assert.equal((await revoke(service, device, token)).status, 200);
    assert.deepEqual(await introspect(service, token), inactive);
    assert.equal((await revoke(service, device, token)).status, 200);
    assert.deepEqual((await service.auditTypes()).slice(1), ['token.issued', 'token.revoked']);
  });

  it('answers for a token that is unknown like for one that it ended', async (t) => {
    const service = await startTokenService(t);
    assert.equal((await revoke(service, await service.enrol(), 'no-token')).status, 200);
  });

  it('is refused for the token of another device', async (t) => {
    const service = await startTokenService(t);
    const [device, other] = [await service.enrol(), await service.enrol()];
    const token = await tokenFor(service, device);
    assert.equal((await revoke(service, other, token)).code, 'token_foreign');
    assert.equal((await introspect(service, token)).active, true);
  });

  it('takes an assertion once, also when there was nothing to end', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const assertion = await device.assertion(issuer, start);
    assert.equal((await revoke(service, device, 'no-token', assertion)).status, 200);
    assert.equal((await revoke(service, device, 'no-token', assertion)).code, 'assertion_replayed');
  });

  it('is refused to whom nobody knows', async (t) => {
    const service = await startTokenService(t);
    const token = await tokenFor(service, await service.enrol());
    const ask = async (headers: Record<string, string>) =>
      (await service.call('POST', '/oauth/revoke', { form: { token }, headers })).code;
    assert.equal(await ask({}), 'assertion_missing');
    assert.equal(
      await ask({ authorization: `Basic ${Buffer.from('gw_1:wrong').toString('base64')}` }),
      'client_authentication_failed',
    );
  });
});
