import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as jose from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { type Backend, startBackend } from '../support/backend.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { type ResourceServer, startResourceServer } from '../support/resource-server.ts';
import { resource, suiteScope } from '../support/scene.ts';

const insecure = { execute: [client.allowInsecureRequests] };
const loopback = { [oauth.allowInsecureRequests]: true } as const;

describe('clients that know nothing of Postern', () => {
  const scope = suiteScope();
  let backend: Backend;
  let keys: oauth.CryptoKeyPair;
  let stranger: oauth.CryptoKeyPair;
  let device: HttpDevice;
  let gateway: { id: string; secret: string };
  let config: client.Configuration;
  let application: ResourceServer;

  before(async () => {
    backend = await startBackend(scope);
    const admin = await backend.person('admin@localhost', ['admin']);
    assert.equal((await admin.post('/v1/admin/policies', { document: firewallPolicy })).status, 201);
    gateway = (await admin.post('/v1/admin/gateways', { name: 'App', resources: [resource] })).body as typeof gateway;
    keys = await jose.generateKeyPair('ES256', { extractable: true });
    stranger = await jose.generateKeyPair('ES256', { extractable: true });
    device = await HttpDevice.enroll(backend, admin, keys);
    assert.equal((await device.attest()).status, 200);
    config = await discover();
    application = await startResourceServer(scope, config.serverMetadata(), { audience: resource });
  });

  after(() => scope.clean());

  function discover(options: client.DiscoveryRequestOptions = { algorithm: 'oauth2' }): Promise<client.Configuration> {
    const authentication = client.PrivateKeyJwt({ key: keys.privateKey, kid: device.fake.jkt });
    return client.discovery(new URL(backend.url), device.fake.id, undefined, authentication, {
      ...insecure,
      ...options,
    });
  }

  async function tokenFor(target = resource): Promise<string> {
    const handle = client.getDPoPHandle(config, keys);
    return (await client.clientCredentialsGrant(config, { resource: target }, { DPoP: handle })).access_token;
  }

  /** Asks the application as openid-client does it, with a proof by that key and that clock (seconds ahead). */
  async function ask(
    token: string,
    by: oauth.CryptoKeyPair = keys,
    ahead = 0,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    try {
      const answer = await client.fetchProtectedResource(
        config,
        token,
        new URL(`${application.url}/things?page=2`),
        'GET',
        undefined,
        undefined,
        { DPoP: oauth.DPoP({ [oauth.clockSkew]: ahead }, by) },
      );
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    } catch (error) {
      if (!(error instanceof client.ResponseBodyError || error instanceof client.WWWAuthenticateChallengeError))
        throw error;
      return { status: error.status, body: { error: error.message } };
    }
  }

  /** The claims of a token under a signature of our own choice. */
  function signedAnew(token: string, key: jose.CryptoKey, header: Record<string, unknown> = {}): Promise<string> {
    const sign = new jose.SignJWT(jose.decodeJwt(token));
    return sign.setProtectedHeader({ ...(jose.decodeProtectedHeader(token) as { alg: string }), ...header }).sign(key);
  }

  describe('openid-client', () => {
    test('discovers the server as an OAuth and as an OpenID one', async () => {
      const open = await discover({ algorithm: 'oidc' });
      for (const { issuer, token_endpoint, jwks_uri } of [config.serverMetadata(), open.serverMetadata()]) {
        assert.equal(issuer, backend.url);
        assert.equal(token_endpoint, `${backend.url}/oauth/token`);
        assert.equal(jwks_uri, `${backend.url}/.well-known/jwks.json`);
      }
    });

    test('gets a token that is bound to the device key, after one retry with the nonce', async () => {
      const fresh = await discover();
      const statuses: number[] = [];
      fresh[client.customFetch] = async (url, options) => {
        const answer = await fetch(url, options as RequestInit);
        statuses.push(answer.status);
        return answer;
      };
      const handle = client.getDPoPHandle(fresh, keys);
      const granted = await client.clientCredentialsGrant(fresh, { resource }, { DPoP: handle });
      assert.deepEqual(statuses, [400, 200], 'refused for want of a nonce, then granted');
      // The library writes the type in lower case.
      assert.equal(granted.token_type, 'dpop');
      assert.ok(granted.expires_in !== undefined && granted.expires_in > 290 && granted.expires_in <= 300);

      const claims = jose.decodeJwt<{ cnf: { jkt: string } }>(granted.access_token);
      assert.equal(claims.aud, resource);
      assert.equal(claims.cnf.jkt, await handle.calculateThumbprint());

      // The nonce of the last answer serves the next request.
      await client.clientCredentialsGrant(fresh, { resource }, { DPoP: handle });
      assert.deepEqual(statuses, [400, 200, 200]);
    });

    test('reads a refusal as an OAuth error', async () => {
      await assert.rejects(tokenFor('https://nobody.example'), (error) => {
        assert.ok(error instanceof client.ResponseBodyError);
        assert.equal(error.error, 'invalid_target');
        assert.equal(error.cause['error_code'], 'resource_unknown');
        return true;
      });
      const other = await client.discovery(
        new URL(backend.url),
        device.fake.id,
        undefined,
        client.PrivateKeyJwt(stranger.privateKey),
        { ...insecure, algorithm: 'oauth2' },
      );
      await assert.rejects(
        client.clientCredentialsGrant(other, { resource }, { DPoP: client.getDPoPHandle(other, stranger) }),
        (error) =>
          error instanceof client.WWWAuthenticateChallengeError ||
          (error as { error?: string }).error === 'invalid_client',
      );
    });

    test('authenticates with a client attestation, which its DPoP proof completes', async () => {
      const given = await device.call('POST', '/oauth/client-attestation');
      assert.equal(given.status, 200, JSON.stringify(given.body));
      // The library knows no such method, but lets one be written: the proof is its own.
      const attested = new client.Configuration(
        config.serverMetadata(),
        device.fake.id,
        undefined,
        (_as, self, body, headers) => {
          body.set('client_id', self.client_id);
          headers.set('OAuth-Client-Attestation', String(given.body['client_attestation']));
        },
      );
      client.allowInsecureRequests(attested);
      const DPoP = client.getDPoPHandle(attested, keys);
      const { access_token: token } = await client.clientCredentialsGrant(attested, { resource }, { DPoP });
      assert.equal(jose.decodeJwt(token)['client_id'], device.fake.id);
      assert.equal((await ask(token)).status, 200);
      await assert.rejects(
        client.clientCredentialsGrant(attested, { resource }, { DPoP: client.getDPoPHandle(attested, stranger) }),
        (error) => error instanceof client.ResponseBodyError && error.error === 'invalid_dpop_proof',
      );
    });

    test('asks for one resource: several are refused, and so is what acr_values cannot have', async () => {
      const refused = (parameters: URLSearchParams, code: string) =>
        assert.rejects(
          client.clientCredentialsGrant(config, parameters, { DPoP: client.getDPoPHandle(config, keys) }),
          (error) => error instanceof client.ResponseBodyError && error.error === code,
        );
      const several = new URLSearchParams([
        ['resource', resource],
        ['resource', 'https://other.example'],
      ]);
      await refused(several, 'invalid_request');
      await refused(new URLSearchParams({ resource: '' }), 'invalid_target');
      await refused(new URLSearchParams({ resource, acr_values: 'urn:nobody' }), 'unmet_authentication_requirements');
      await refused(new URLSearchParams({ resource, max_age: 'soon' }), 'invalid_request');
    });

    test('introspects as the gateway, and a revoked token is inactive and nothing more', async () => {
      const asGateway = new client.Configuration(
        config.serverMetadata(),
        gateway.id,
        undefined,
        client.ClientSecretBasic(gateway.secret),
      );
      client.allowInsecureRequests(asGateway);
      const [first, second] = [await tokenFor(), await tokenFor()];
      const active = await client.tokenIntrospection(asGateway, first);
      assert.equal(active.active, true);
      assert.equal(active.client_id, device.fake.id);
      assert.deepEqual(active.cnf, { jkt: device.fake.jkt });

      await client.tokenRevocation(asGateway, first);
      assert.deepEqual(await client.tokenIntrospection(asGateway, first), { active: false });
      await client.tokenRevocation(config, second);
      assert.deepEqual(await client.tokenIntrospection(asGateway, second), { active: false }, 'revoked by the device');
      await client.tokenRevocation(asGateway, 'no-token-at-all');

      const wrong = new client.Configuration(
        config.serverMetadata(),
        gateway.id,
        undefined,
        client.ClientSecretBasic('wrong'),
      );
      client.allowInsecureRequests(wrong);
      await assert.rejects(client.tokenIntrospection(wrong, first));
    });
  });

  describe('oauth4webapi', () => {
    test('as a client: discovers, retries with the nonce, gets a token', async () => {
      const issuer = new URL(backend.url);
      const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...loopback });
      const as = await oauth.processDiscoveryResponse(issuer, found);
      const self: oauth.Client = { client_id: device.fake.id };
      const DPoP = oauth.DPoP(self, keys);
      const ask = async () => {
        const authentication = oauth.PrivateKeyJwt(keys.privateKey);
        const options = { DPoP, ...loopback };
        const answer = await oauth.clientCredentialsGrantRequest(as, self, authentication, { resource }, options);
        return oauth.processClientCredentialsResponse(as, self, answer);
      };
      await assert.rejects(ask(), (error) => oauth.isDPoPNonceError(error));
      assert.equal((await ask()).token_type, 'dpop');
    });

    test('as a resource server: takes a token with its proof', async () => {
      const { status, body } = await ask(await tokenFor());
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body['client_id'], device.fake.id);
      assert.equal((body['posture'] as { status: string }).status, 'compliant');
    });

    test('as a resource server: refuses what is not for it, over, or not signed by the server', async (t) => {
      const token = await tokenFor();
      t.after(() => {
        application.checking = { audience: resource };
      });
      application.checking = { audience: 'https://other.example' };
      assert.match(JSON.stringify(await ask(token)), /401.*OAUTH_JWT_CLAIM_COMPARISON_FAILED.*aud/);
      // Later, for both (the library forgives 30 s): the proof is fresh, the token is over.
      application.checking = { audience: resource, clockAhead: 340 };
      assert.match(JSON.stringify(await ask(token, keys, 340)), /401.*OAUTH_JWT_TIMESTAMP_CHECK_FAILED.*exp/);
      application.checking = { audience: resource };
      const forged = await signedAnew(token, stranger.privateKey);
      assert.match(JSON.stringify(await ask(forged)), /401.*signature/i);
      const unknownKey = await signedAnew(token, stranger.privateKey, { kid: 'another' });
      assert.match(JSON.stringify(await ask(unknownKey)), /401.*OAUTH_KEY_SELECTION_FAILED/);
      const otherType = await signedAnew(token, stranger.privateKey, { typ: 'JWT' });
      assert.match(JSON.stringify(await ask(otherType)), /401.*typ/);
      assert.equal((await ask(token)).status, 200, 'and the token itself was good all the time');
    });

    test('as a resource server: refuses a stolen token, and one that is passed off as a bearer token', async () => {
      const token = await tokenFor();
      assert.match(JSON.stringify(await ask(token, stranger)), /401.*confirmation mismatch/);

      const url = `${application.url}/things`;
      const call = async (headers: Record<string, string>) => {
        const answer = await fetch(url, { headers });
        return `${answer.status} ${await answer.text()}`;
      };
      assert.match(await call({ authorization: `Bearer ${token}` }), /^401/);
      const proof = await device.fake.dpopProof({
        method: 'GET',
        url,
        nonce: 'n',
        now: Date.now(),
        accessToken: token,
      });
      assert.match(await call({ authorization: `DPoP ${token}`, dpop: proof }), /^200/);
      assert.match(await call({ authorization: `Bearer ${token}`, dpop: proof }), /^401/);
      assert.match(await call({ authorization: `DPoP ${token}` }), /^401/);
      const forAnother = await device.fake.dpopProof({
        method: 'GET',
        url,
        nonce: 'n',
        now: Date.now(),
        accessToken: 'x',
      });
      assert.match(await call({ authorization: `DPoP ${token}`, dpop: forAnother }), /^401.*ath/);
    });
  });

  describe('jose', () => {
    const rules = () => ({ issuer: backend.url, audience: resource, typ: 'at+jwt', algorithms: ['ES256'] });

    test('verifies a token with the remote key set', async () => {
      const keySet = jose.createRemoteJWKSet(new URL(`${backend.url}/.well-known/jwks.json`));
      const { payload } = await jose.jwtVerify(await tokenFor(), keySet, {
        ...rules(),
        requiredClaims: ['sub', 'client_id', 'jti', 'iat', 'exp', 'cnf'],
      });
      assert.equal(payload['device_id'], device.fake.id);
      assert.ok(
        keySet.jwks()?.keys.every((key) => key.d === undefined),
        'public keys only',
      );
    });

    test('refuses another audience, the time after its end, and a foreign key', async () => {
      const keySet = jose.createRemoteJWKSet(new URL(`${backend.url}/.well-known/jwks.json`));
      const token = await tokenFor();
      const refused = (text: string, options: jose.JWTVerifyOptions, code: string) =>
        assert.rejects(jose.jwtVerify(text, keySet, { ...rules(), ...options }), { code });
      await refused(token, { audience: 'https://other.example' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED');
      await refused(token, { issuer: 'https://other.example' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED');
      await refused(token, { currentDate: new Date(Date.now() + 301_000) }, 'ERR_JWT_EXPIRED');
      await refused(await signedAnew(token, stranger.privateKey), {}, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    });
  });
});
