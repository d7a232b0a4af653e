import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as jose from 'jose';
import * as client from 'openid-client';
import { minute, second } from '@postern/shared/time';
import type { Api, ApiAnswer } from '../support/api.ts';
import { AuditTrail } from '../support/audit-trail.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { BrowserSession } from '../support/browser-session.ts';
import { Gateway } from '../support/gateway.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { IdentityProvider, idTokenLifeSeconds } from '../support/identity-provider.ts';
import { attested, resource, suiteScope } from '../support/scene.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`;
const clientId = 'postern-devices';

describe('a person who signs in at the identity provider', () => {
  const scope = suiteScope();
  let backend: Backend;
  let provider: IdentityProvider;
  let ada: Api;
  let adaId: string;
  let device: HttpDevice;
  let keys: jose.GenerateKeyPairResult;
  let gateway: Gateway;
  let session: BrowserSession;

  before(async () => {
    const accounts = {
      ada: { email: 'ada@example.org', email_verified: true },
      eve: { email: 'eve@example.org', email_verified: true },
      nobody: { email: 'nobody@example.org', email_verified: true },
      claimant: { email: 'ada@example.org', email_verified: false },
    };
    provider = await IdentityProvider.start(scope, accounts, [clientId, 'another-app']);
    backend = await startBackend(scope, {
      POSTERN_OIDC_ISSUER: provider.issuer,
      POSTERN_OIDC_CLIENT_ID: clientId,
    });
    ada = await backend.person('ada@example.org', ['admin']);
    await backend.person('eve@example.org', ['employee']);
    await backend.publish(firewallPolicy, ada);
    const made = await ada.post('/v1/admin/gateways', { name: 'App', resources: [resource] });
    gateway = new Gateway(backend.url, String(made.body['id']), String(made.body['secret']));
    keys = await jose.generateKeyPair('ES256', { extractable: true });
    device = await attested(backend, ada, keys);
    session = await BrowserSession.open(backend, 'ada@example.org');
    adaId = String((await ada.get('/v1/me')).body['id']);
  });

  after(() => scope.clean());

  interface Change {
    form?: Record<string, string>;
    headers?: Record<string, string>;
    by?: HttpDevice;
  }

  /** Exchanges a token as `by` does; `form` and `headers` make it another request, an empty text leaves one out. */
  async function exchange(token: string, { form = {}, headers = {}, by = device }: Change = {}): Promise<ApiAnswer> {
    const sent = {
      grant_type: grantType,
      subject_token: token,
      subject_token_type: type('id_token'),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await by.assertion(),
      resource,
      ...form,
    };
    const given = Object.entries({ dpop: await by.proof('POST', '/oauth/token'), ...headers });
    const answer = await fetch(`${backend.url}/oauth/token`, {
      method: 'POST',
      headers: Object.fromEntries(given.filter(([, value]) => value !== '')),
      body: new URLSearchParams(Object.entries(sent).filter(([, value]) => value !== '')),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as ApiAnswer['body'] };
  }

  async function assertRefused(expected: [string, string], asking: Promise<ApiAnswer>): Promise<void> {
    const { status, body } = await asking;
    assert.deepEqual([body['error'], body['error_code']], expected, JSON.stringify(body));
    assert.equal(status, 400);
    assert.ok(!('access_token' in body));
  }

  const signInToken = async (of: HttpDevice = device) => {
    const { status, body } = await session.call('POST', '/v1/me/sign-in-tokens', { device: of.fake.id });
    assert.equal(status, 201, JSON.stringify(body));
    return String(body['token']);
  };

  test('gets a token for themselves through openid-client: bound to the device, which acts', async () => {
    const config = await client.discovery(
      new URL(backend.url),
      device.fake.id,
      undefined,
      client.PrivateKeyJwt({ key: keys.privateKey, kid: device.fake.jkt }),
      { execute: [client.allowInsecureRequests], algorithm: 'oauth2' },
    );
    assert.ok(config.serverMetadata().grant_types_supported?.includes(grantType));
    const DPoP = client.getDPoPHandle(config, keys);
    const parameters = {
      subject_token: await provider.idToken('ada', clientId),
      subject_token_type: type('id_token'),
      resource,
    };
    const granted = await client.genericGrantRequest(config, grantType, parameters, { DPoP });
    assert.equal(granted.token_type, 'dpop');
    assert.equal(granted['issued_token_type'], type('access_token'));
    const claims = jose.decodeJwt<Record<string, unknown>>(granted.access_token);
    assert.equal(claims.sub, adaId);
    assert.deepEqual(claims['act'], { sub: device.fake.id });
    assert.deepEqual(claims['cnf'], { jkt: device.fake.jkt });
    assert.equal(claims.aud, resource);
    assert.ok(Math.abs(Number(claims['auth_time']) - backend.clock.now() / second) < 60);
    assert.ok(granted.access_token.length <= 1024, `${granted.access_token.length} characters`);
    const known = await gateway.introspect(granted.access_token);
    assert.deepEqual([known['active'], known['sub'], known['owner']], [true, adaId, adaId]);

    const keySet = jose.createRemoteJWKSet(new URL(`${backend.url}/.well-known/jwks.json`));
    const rules = { issuer: backend.url, audience: resource, typ: 'at+jwt' };
    const { protectedHeader } = await jose.jwtVerify(granted.access_token, keySet, rules);
    assert.equal(protectedHeader.kid?.length, 16);
  });

  test('an ID token for another application is worth nothing', async () => {
    const token = await provider.idToken('ada', 'another-app');
    await assertRefused(['invalid_request', 'subject_token_invalid'], exchange(token));
  });

  test('somebody else is not let in on this device, whether they are known here or not', async () => {
    for (const who of ['eve', 'nobody']) {
      const token = await provider.idToken(who, clientId);
      await assertRefused(['invalid_grant', 'subject_not_owner'], exchange(token));
    }
  });

  test('an address that the provider did not verify says nothing', async () => {
    const token = await provider.idToken('claimant', clientId);
    await assertRefused(['invalid_request', 'subject_email_unverified'], exchange(token));
  });

  test('a forged ID token is worth nothing: other claims, another key, none', async () => {
    const good = await provider.idToken('eve', clientId);
    const [header = '', , signature = ''] = good.split('.');
    const claims = { ...jose.decodeJwt(good), email: 'ada@example.org' };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const stranger = await jose.generateKeyPair('RS256');
    const protectedHeader = jose.decodeProtectedHeader(good) as jose.JWTHeaderParameters;
    const forged = [
      `${header}.${payload}.${signature}`,
      await new jose.SignJWT(claims).setProtectedHeader(protectedHeader).sign(stranger.privateKey),
      await new jose.SignJWT(claims).setProtectedHeader({ ...protectedHeader, kid: 'x' }).sign(stranger.privateKey),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
      payload,
    ];
    for (const token of forged) await assertRefused(['invalid_request', 'subject_token_invalid'], exchange(token));
  });

  test('the proof cannot be left out or be of another key, and the token cannot be carried to another device', async () => {
    const token = await provider.idToken('ada', clientId);
    const evesDevice = await HttpDevice.enroll(backend, ada);
    await assertRefused(['invalid_dpop_proof', 'proof_missing'], exchange(token, { headers: { dpop: '' } }));
    const dpop = await evesDevice.proof('POST', '/oauth/token');
    await assertRefused(['invalid_dpop_proof', 'proof_other_key'], exchange(token, { headers: { dpop } }));
    const wrongPlace = await device.proof('POST', '/oauth/introspect');
    await assertRefused(['invalid_dpop_proof', 'proof_other_url'], exchange(token, { headers: { dpop: wrongPlace } }));
    const good = await device.proof('POST', '/oauth/token');
    assert.equal((await exchange(token, { headers: { dpop: good } })).status, 200);
    await assertRefused(['invalid_dpop_proof', 'proof_replayed'], exchange(token, { headers: { dpop: good } }));
    const { status } = await exchange(token, { form: { client_assertion: '', client_assertion_type: '' } });
    assert.equal(status, 401);
  });

  test('the device of somebody else gets nothing with it', async () => {
    const max = await backend.person('max@example.org', ['admin']);
    const maxDevice = await attested(backend, max);
    const token = await provider.idToken('ada', clientId);
    await assertRefused(['invalid_grant', 'subject_not_owner'], exchange(token, { by: maxDevice }));
    const head = await new AuditTrail(ada).head();
    await assertRefused(['invalid_grant', 'subject_not_owner'], exchange(token, { by: maxDevice }));
    const [entry] = await new AuditTrail(ada).since(head);
    assert.deepEqual([entry?.type, entry?.data['code']], ['token.refused', 'subject_not_owner']);
    assert.ok(!JSON.stringify(entry).includes(token), 'the token itself is not recorded');
  });

  test('a sign-in at Postern does as well: for its device, once', async () => {
    const form = { subject_token_type: type('jwt') };
    const other = await attested(backend, ada);
    const token = await signInToken();
    await assertRefused(['invalid_request', 'subject_other_device'], exchange(token, { form, by: other }));
    await assertRefused(['invalid_request', 'subject_token_invalid'], exchange(token));
    const { status, body } = await exchange(token, { form });
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(jose.decodeJwt(String(body['access_token'])).sub, adaId);
    await assertRefused(['invalid_request', 'subject_token_used'], exchange(token, { form }));
    assert.deepEqual(await gateway.introspect(token), { active: false }, 'and it is no access token');
    const byToken = await ada.post('/v1/me/sign-in-tokens', { device: device.fake.id });
    assert.deepEqual([byToken.status, byToken.body['error_code']], [403, 'session_required']);
  });

  test('an actor token is the one of this device, or the request is refused', async () => {
    const other = await attested(backend, ada);
    const acting = async (actor_token: string) =>
      exchange(await provider.idToken('ada', clientId), { form: { actor_token, actor_token_type: type('jwt') } });
    const attestationOf = async (of: HttpDevice) =>
      String((await of.call('POST', '/oauth/client-attestation')).body['client_attestation']);
    assert.equal((await acting(await attestationOf(device))).status, 200);
    assert.equal((await acting(await device.assertion())).status, 200);
    await assertRefused(['invalid_request', 'actor_token_invalid'], acting(await attestationOf(other)));
    await assertRefused(['invalid_request', 'actor_token_invalid'], acting(await other.assertion()));
  });

  test('somebody who lost their access loses the token too', async () => {
    const max = await backend.person('max@example.org', ['admin']);
    const maxDevice = await attested(backend, max);
    const maxSession = await BrowserSession.open(backend, 'max@example.org');
    const made = await maxSession.call('POST', '/v1/me/sign-in-tokens', { device: maxDevice.fake.id });
    const form = { subject_token_type: type('jwt') };
    const { body } = await exchange(String(made.body['token']), { form, by: maxDevice });
    const token = String(body['access_token']);
    assert.equal((await gateway.introspect(token))['active'], true);
    const { body: who } = await max.get('/v1/me');
    const ended = await ada.call('PATCH', `/v1/admin/users/${String(who['id'])}`, { active: false });
    assert.equal(ended.status, 200, JSON.stringify(ended.body));
    assert.deepEqual(await gateway.introspect(token), { active: false });
  });

  test('the token ends with the ID token, and an ID token that is over is worth nothing', async (t) => {
    // The provider has a clock of its own, which the other tests need to agree with.
    t.after(() => backend.clock.advance(-idTokenLifeSeconds * second));
    const token = await provider.idToken('ada', clientId);
    const sign = await signInToken();
    const { exp = 0 } = jose.decodeJwt(token);
    backend.clock.advance((idTokenLifeSeconds - 120) * second);
    const { status, body } = await exchange(token);
    assert.equal(status, 200, JSON.stringify(body));
    const claims = jose.decodeJwt(String(body['access_token']));
    assert.equal(claims.exp, exp, 'less than the five minutes that the policy allows');
    const form = { subject_token_type: type('jwt') };
    await assertRefused(['invalid_request', 'subject_token_expired'], exchange(sign, { form }));
    backend.clock.advance(2 * minute);
    await assertRefused(['invalid_request', 'subject_token_expired'], exchange(token));
  });
});
