import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as jose from 'jose';
import * as client from 'openid-client';
import type { Api } from '../support/api.ts';
import { AuditTrail } from '../support/audit-trail.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { BrowserSession } from '../support/browser-session.ts';
import { Gateway } from '../support/gateway.ts';
import { firewallPolicy, type HttpDevice } from '../support/http-device.ts';
import { attested, resource, suiteScope } from '../support/scene.ts';

describe('a person who answers the code that their device shows', () => {
  const scope = suiteScope();
  let backend: Backend;
  let ada: Api;
  let device: HttpDevice;
  let keys: jose.GenerateKeyPairResult;
  let gateway: Gateway;
  let browser: BrowserSession;
  let config: client.Configuration;

  before(async () => {
    backend = await startBackend(scope);
    ada = await backend.person('ada@example.org', ['admin']);
    await backend.person('eve@example.org', ['admin']);
    await backend.publish(firewallPolicy, ada);
    const made = await ada.post('/v1/admin/gateways', { name: 'App', resources: [resource] });
    gateway = new Gateway(backend.url, String(made.body['id']), String(made.body['secret']));
    keys = await jose.generateKeyPair('ES256', { extractable: true });
    device = await attested(backend, ada, keys);
    browser = await BrowserSession.open(backend, 'ada@example.org');
    config = await clientOf(device, keys.privateKey);
  });

  after(() => scope.clean());

  const clientOf = (of: HttpDevice, key: jose.CryptoKey) =>
    client.discovery(new URL(backend.url), of.fake.id, undefined, client.PrivateKeyJwt({ key, kid: of.fake.jkt }), {
      execute: [client.allowInsecureRequests],
      algorithm: 'oauth2',
    });

  const decide = (by: BrowserSession, user_code: string, decision = 'approve') =>
    by.call('POST', '/v1/admin/device-codes', { user_code, decision });

  /** Asks once, without the wait between two questions. */
  async function ask(code: client.DeviceAuthorizationResponse, by = config, pair = keys): Promise<string> {
    const parameters = { device_code: code.device_code };
    const DPoP = client.getDPoPHandle(by, pair);
    try {
      const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
      return (await client.genericGrantRequest(by, grantType, parameters, { DPoP })).access_token;
    } catch (error) {
      if (error instanceof client.ResponseBodyError) return error.error;
      throw error;
    }
  }

  test('is signed in on it, as openid-client does the flow', async () => {
    assert.ok(config.serverMetadata().grant_types_supported?.some((name) => name.endsWith(':device_code')));
    const code = await client.initiateDeviceAuthorization(config, { resource });
    assert.equal(code.verification_uri, `${backend.url}/console/device`);
    const waiting = await browser.call('GET', `/v1/admin/device-codes/${code.user_code}`);
    const { id } = device.fake;
    assert.deepEqual(waiting.body['signIn'], { device: { id, name: 'Test computer' }, resource });
    assert.equal(await ask(code), 'authorization_pending');

    const polled = client.pollDeviceAuthorizationGrant(config, { ...code, interval: 1 }, undefined, {
      DPoP: client.getDPoPHandle(config, keys),
    });
    assert.equal((await decide(browser, code.user_code)).status, 204);
    const { access_token: token, token_type: type } = await polled;
    assert.equal(type, 'dpop');
    const claims = jose.decodeJwt<{ act: object; cnf: { jkt: string } }>(token);
    const { body: self } = await ada.get('/v1/me');
    assert.equal(claims.sub, self['id']);
    assert.deepEqual([claims.act, claims.cnf.jkt, claims.aud], [{ sub: id }, device.fake.jkt, resource]);
    const known = await gateway.introspect(token);
    assert.deepEqual([known['active'], known['sub'], known['owner']], [true, self['id'], self['id']]);
    assert.equal(await ask(code), 'expired_token', 'a code counts once');
  });

  test('may refuse, and the device hears it', async () => {
    const code = await client.initiateDeviceAuthorization(config, { resource });
    assert.equal((await decide(browser, code.user_code, 'deny')).status, 204);
    assert.equal(await ask(code), 'access_denied');
    assert.equal((await decide(browser, code.user_code)).status, 404, 'and cannot change their mind');
  });

  test('is asked to slow the device down', async () => {
    const code = await client.initiateDeviceAuthorization(config, { resource });
    assert.deepEqual([await ask(code), await ask(code)], ['authorization_pending', 'slow_down']);
  });

  test('is its owner: nobody else can answer, however they came by the code, and no API token does', async () => {
    const code = await client.initiateDeviceAuthorization(config, { resource });
    const eve = await BrowserSession.open(backend, 'eve@example.org');
    const seen = await eve.call('GET', `/v1/admin/device-codes/${code.user_code}`);
    assert.deepEqual([seen.status, seen.body['error_code']], [403, 'user_code_not_yours']);
    for (const decision of ['approve', 'deny']) {
      const { status, body } = await decide(eve, code.user_code, decision);
      assert.deepEqual([status, body['error_code']], [403, 'user_code_not_yours']);
    }
    const byToken = await ada.post('/v1/admin/device-codes', { user_code: code.user_code, decision: 'approve' });
    assert.equal(byToken.body['error_code'], 'session_required');
    assert.equal(await ask(code), 'authorization_pending');
  });

  test('signs in on the device that showed the code, not on another one that got hold of it', async () => {
    const otherKeys = await jose.generateKeyPair('ES256', { extractable: true });
    const other = await attested(backend, ada, otherKeys);
    const code = await client.initiateDeviceAuthorization(config, { resource });
    await decide(browser, code.user_code);
    assert.equal(await ask(code, await clientOf(other, otherKeys.privateKey), otherKeys), 'expired_token');
    assert.equal(await ask(code, config, otherKeys), 'invalid_dpop_proof');
    assert.ok((await ask(code)).includes('.'), 'its own is still good');
  });

  test('is asked for one resource that exists, by a device that shows which one it is', async () => {
    const refused = (asking: Promise<unknown>, code: string) =>
      assert.rejects(asking, (error) => error instanceof client.ResponseBodyError && error.error === code);
    await refused(client.initiateDeviceAuthorization(config, {}), 'invalid_target');
    await refused(client.initiateDeviceAuthorization(config, { resource: 'https://no.example' }), 'invalid_target');
    const stranger = await jose.generateKeyPair('ES256', { extractable: true });
    const forged = await clientOf(device, stranger.privateKey);
    await assert.rejects(client.initiateDeviceAuthorization(forged, { resource }));
    const anonymous = await fetch(`${backend.url}/oauth/device_authorization`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: device.fake.id, resource }),
    });
    assert.equal(anonymous.status, 401);
  });

  test('may still be asked by a device that is not enrolled, which the code then enrolls and does not sign in', async () => {
    const asked = await fetch(`${backend.url}/oauth/device_authorization`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'postern-agent', device_name: 'New one' }),
    });
    assert.equal(asked.status, 200);
    const code = (await asked.json()) as client.DeviceAuthorizationResponse;
    assert.equal((await decide(browser, code.user_code)).status, 204);
    assert.equal(await ask(code), 'expired_token');
  });

  test('keeps their answer while the device is put in order, and finds it on the record', async () => {
    const head = await new AuditTrail(ada).head();
    const code = await client.initiateDeviceAuthorization(config, { resource });
    await decide(browser, code.user_code);
    await device.attest({}, device.firewallOff());
    assert.equal(await ask(code), 'invalid_grant');
    assert.equal((await device.attest()).status, 200);
    const token = await ask(code);
    assert.ok(token.includes('.'), token);
    const entries = await new AuditTrail(ada).since(head);
    const told = entries.filter(({ type }) => /^(device-code|token)\./.test(type)).map(({ type }) => type);
    assert.deepEqual(told, ['device-code.decided', 'token.refused', 'token.issued']);
    const decided = entries.find(({ type }) => type === 'device-code.decided');
    assert.deepEqual([decided?.data['device'], decided?.data['resource']], [device.fake.id, resource]);
  });
});
