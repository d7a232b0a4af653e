import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { updateOne } from '@postern/server/storage/change';
import { hour, minute } from '@postern/shared/time';
import { partOf } from '../support/forged-jws.ts';
import type { RawAnswer } from '../support/raw-http.ts';
import { askWith, assertDenied, assertPassed, familyNames, openVerifyScene, ownedIn } from '../support/verify-scene.ts';
import type { Question } from '../support/verify-gateway.ts';

const justification = 'They stayed for longer';

/** A device with a token that passes, at the gateway of one family. */
async function opening(t: TestContext, family: (typeof familyNames)[number] = 'nginx') {
  const scene = await openVerifyScene(t);
  const { backend, admin, device, gateways } = scene;
  const bob = await backend.person('bob@example.org', ['approver']);
  /** Asks for something, which another person approves; returns where it is found. */
  const approved = async (path: string, wish: Record<string, unknown>): Promise<string> => {
    const asked = await device.call('POST', path, { duration: '1h', justification, ...wish });
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    const place = `/v1/admin/exceptions/${String(asked.body['id'])}`;
    const { body } = await bob.post(`${place}/approve`, { requestHash: asked.body['requestHash'] });
    assert.equal(body['live'], true, JSON.stringify(body));
    return place;
  };
  const ask = (token: string, question?: Question) => askWith(gateways[family], device, token, question);
  return { ...scene, bob, approved, ask, admin, id: device.fake.id };
}

const headerOf = ({ headers }: RawAnswer, name: string) => String(headers[name]);

describe('what ends is refused at once', () => {
  for (const family of familyNames) {
    test(`${family}: a token that was revoked`, async (t) => {
      const { backend, admin, device, ask } = await opening(t, family);
      const token = await device.accessToken();
      assertPassed(await ask(token));
      const gateway = await backend.gateway(admin, 'https://app.example');
      assert.equal(await gateway.revoke(token), 200);
      assertDenied(await ask(token), 401, 'access_token_ended');
      assertPassed(await ask(await device.accessToken()));
    });

    test(`${family}: a device that is suspended, until it is resumed`, async (t) => {
      const { admin, device, ask, id } = await opening(t, family);
      const token = await device.accessToken();
      assertPassed(await ask(token));
      const reason = 'It was lost in a train';
      assert.equal((await admin.post(`/v1/admin/devices/${id}/suspend`, { reason })).status, 200);
      const denied = await ask(token);
      assertDenied(denied, 403, 'device_suspended');
      assert.match(headerOf(denied, 'www-authenticate'), /^DPoP error="access_denied", /);
      assert.equal((await admin.post(`/v1/admin/devices/${id}/resume`, { reason })).status, 200);
      assertPassed(await ask(token));
    });
  }

  test('an exception that is revoked, and one whose time is over', async (t) => {
    const { backend, bob, device, approved, ask } = await opening(t);
    await device.attest({}, device.firewallOff());
    const place = await approved('/v1/exceptions', { rules: ['baseline/firewall'] });
    const token = await device.accessToken();
    assertPassed(await ask(token));
    await bob.post(`${place}/revoke`, { reason: 'No longer needed' });
    const denied = await ask(token);
    assertDenied(denied, 403, 'posture_refused');
    assert.match(headerOf(denied, 'x-posture-reason'), /^Firewall\. /);
    const body = JSON.parse(denied.text) as { posture_status: string; failed_checks: { rule: string }[] };
    assert.equal(body.posture_status, 'non-compliant');
    assert.equal(body.failed_checks[0]?.rule, 'baseline/firewall');

    await approved('/v1/exceptions', { rules: ['baseline/firewall'] });
    backend.clock.advance(hour - 2 * minute);
    await device.attest({}, device.firewallOff());
    const last = await device.accessToken();
    assertPassed(await ask(last));
    backend.clock.advance(2 * minute - 1);
    assert.notEqual((await ask(last)).status, 200);
  });

  test('an attestation that fails, and one that is missing for too long', async (t) => {
    const { backend, device, ask } = await opening(t);
    const token = await device.accessToken();
    await device.attest({}, device.firewallOff());
    assertDenied(await ask(token), 403, 'posture_refused');
    await device.attest();
    assertPassed(await ask(token));
    backend.clock.advance(4 * minute);
    assertPassed(await ask(token));
    backend.clock.advance(minute);
    assertDenied(await ask(token), 401, 'access_token_expired');
  });

  test('evidence that went stale while the token still lives', async (t) => {
    const { backend, device, ask } = await opening(t);
    const { signingKeys } = backend.server.deps;
    const claims = partOf(await device.accessToken(), 1);
    const exp = Number(claims['exp']) + (2 * hour) / 1000;
    const token = await signingKeys.sign({ ...claims, exp }, 'at+jwt', backend.clock.now());
    assertPassed(await ask(token));
    backend.clock.advance(hour);
    const denied = await ask(token);
    assertDenied(denied, 401, 'evidence_stale');
    assert.match(headerOf(denied, 'www-authenticate'), /^DPoP error="invalid_token", /);
  });

  test('temporary access that is over, and its role is known as long as it lasts', async (t) => {
    const { admin, bob, device, approved, ask } = await opening(t);
    const access = { roles: ['operator', 'reader'], templates: ['temporary-access'] };
    await admin.call('PUT', '/v1/admin/resources', { name: 'https://app.example', tier: 'medium', access });
    const wish = { resource: 'https://app.example', role: 'reader', reasonCode: 'support' };
    const place = await approved('/v1/access', wish);
    const token = await device.accessToken();
    const passed = await ask(token, { query: '?role=reader' });
    assertPassed(passed);
    assert.equal(headerOf(passed, 'x-auth-request-roles'), 'reader');
    const denied = await ask(token, { query: '?role=operator' });
    assertDenied(denied, 403, 'role_insufficient');
    assert.match(headerOf(denied, 'www-authenticate'), /^DPoP error="insufficient_scope", /);
    await bob.post(`${place}/revoke`, { reason: 'No longer needed' });
    assertDenied(await ask(token), 403, 'access_required');
  });

  test('every token of a key that an emergency took away', async (t) => {
    const { backend, device, ask } = await opening(t);
    const token = await device.accessToken();
    assertPassed(await ask(token));
    const { signingKeys } = backend.server.deps as unknown as {
      signingKeys: { rotateNow(now: number): Promise<void> };
    };
    await signingKeys.rotateNow(backend.clock.now());
    assertDenied(await ask(token), 401, 'access_token_invalid');
  });
});

describe('step-up (RFC 9470)', () => {
  const compliant = 'urn:postern:posture:compliant';
  const query = (values: string) => `?acr_values=${encodeURIComponent(values)}`;

  test('asks for a better posture than an exception gives, and passes with it', async (t) => {
    const { device, approved, ask } = await opening(t);
    await device.attest({}, device.firewallOff());
    await approved('/v1/exceptions', { rules: ['baseline/firewall'] });
    const token = await device.accessToken();
    assertPassed(await ask(token));
    assertPassed(await ask(token, { query: query(`${compliant} urn:postern:posture:excepted`) }));
    const denied = await ask(token, { query: query(compliant) });
    assertDenied(denied, 401, 'posture_insufficient');
    assert.match(
      headerOf(denied, 'www-authenticate'),
      /^DPoP error="insufficient_user_authentication", error_description="[^"]+", acr_values="urn:postern:posture:compliant", algs="ES256"$/,
    );
    await device.attest();
    assertPassed(await ask(await device.accessToken(), { query: query(compliant) }));
  });

  test('asks for fresher evidence, and passes with it', async (t) => {
    const { backend, device, ask } = await opening(t);
    const token = await device.accessToken();
    assertPassed(await ask(token, { query: '?max_age=60' }));
    backend.clock.advance(minute + 1000);
    const denied = await ask(token, { query: '?max_age=60' });
    assertDenied(denied, 401, 'posture_insufficient');
    assert.match(headerOf(denied, 'www-authenticate'), /, max_age="60", algs="ES256"$/);
    assertPassed(await ask(token, { query: '?max_age=120' }));
    await device.attest();
    assertPassed(await ask(await device.accessToken(), { query: '?max_age=60' }));
  });

  test('asks for nothing that is always there', async (t) => {
    const { device, ask } = await opening(t);
    const token = await device.accessToken();
    assertDenied(await ask(token, { query: query('urn:other:high') }), 401, 'posture_insufficient');
    assertDenied(await ask(token, { query: query(`${compliant}x`) }), 401, 'posture_insufficient');
  });
});

test('a person who was present is named, with mail and groups; their device is too', async (t) => {
  const { backend, device, ask } = await opening(t);
  const { deps } = backend.server;
  const claims = partOf(await device.accessToken(), 1);
  const owner = String(claims['owner']);
  const change = { groups: JSON.stringify(['a,b', 'naïve']), email: 'ada+x@example.org' };
  await deps.store.commit({ audit: [], changes: [updateOne('users', { id: owner }, change)] });
  const act = { sub: device.fake.id };
  const token = await deps.signingKeys.sign({ ...claims, sub: owner, act }, 'at+jwt', backend.clock.now());
  const answer = await ask(token);
  assertPassed(answer);
  assert.deepEqual(ownedIn(answer), {
    'X-Auth-Request-User': owner,
    'X-Auth-Request-Email': 'ada+x@example.org',
    'X-Auth-Request-Groups': 'a%2Cb,na%C3%AFve',
    'X-Auth-Request-Device': device.fake.id,
    'X-Auth-Request-Owner': owner,
    'X-Auth-Request-Roles': '',
    'X-Posture-Status': 'compliant',
    'X-Posture-Reason': '',
  });
});

test('the sign-in of a person who was present may be too old as well', async (t) => {
  const { backend, device, ask } = await opening(t);
  const { signingKeys } = backend.server.deps;
  const claims = partOf(await device.accessToken(), 1);
  const now = backend.clock.now();
  const tokenOf = (more: Record<string, unknown>) =>
    signingKeys.sign({ ...claims, sub: claims['owner'], act: { sub: device.fake.id }, ...more }, 'at+jwt', now);
  const seconds = Math.floor(now / 1000);
  const query = '?max_age=300';
  assertPassed(await ask(await tokenOf({ auth_time: seconds - 200 }), { query }));
  assertDenied(await ask(await tokenOf({ auth_time: seconds - 400 }), { query }), 401, 'posture_insufficient');
  assertDenied(await ask(await tokenOf({}), { query }), 401, 'posture_insufficient');
  assertPassed(await ask(await tokenOf({})));
});

test('a browser is shown a page that says what to do, and nothing in it runs', async (t) => {
  const { device, ask, gateways } = await opening(t);
  const token = await device.accessToken();
  await device.attest({}, device.firewallOff());
  const client: [string, string][] = [['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8']];
  const denied = await ask(token, { client });
  assert.equal(denied.status, 403);
  assert.equal(denied.headers['content-type'], 'text/html; charset=utf-8');
  assert.match(headerOf(denied, 'content-security-policy'), /^default-src 'none'; style-src 'sha256-[^']+'; base-uri/);
  for (const part of ['Test computer', 'Firewall', 'The firewall is on', 'baseline/firewall', '/console/'])
    assert.ok(denied.text.includes(part), part);
  assert.doesNotMatch(denied.text, /<script|onerror|style=/);

  const stranger = await gateways.nginx.ask({ client });
  assert.equal(stranger.status, 401);
  assert.ok(!stranger.text.includes('Test computer'));
  for (const accept of ['application/json', '*/*', 'text/html;q=0.1, application/json', 'x'])
    assertDenied(await gateways.nginx.ask({ client: [['Accept', accept]] }), 401, 'access_token_missing');
});
