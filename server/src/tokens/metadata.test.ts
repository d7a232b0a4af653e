import assert from 'node:assert/strict';
import { it } from 'node:test';
import { challengeAnswerSchema } from '@postern/shared/protocol/attestation';
import { authorizationServerMetadataSchema, jwkSetSchema, postureAcrs } from '@postern/shared/protocol/token';
import { issuer, start, startTokenService } from './testing/token-service.ts';

it('the metadata is the same at both addresses, and names only addresses of this issuer', async (t) => {
  const service = await startTokenService(t);
  const { body, headers } = await service.call('GET', '/.well-known/oauth-authorization-server');
  const metadata = authorizationServerMetadataSchema.parse(body);
  assert.equal(metadata.issuer, issuer);
  assert.match(headers['Cache-Control'] ?? '', /max-age=600/);
  for (const [name, value] of Object.entries(metadata))
    if (name.endsWith('_endpoint')) assert.ok(String(value).startsWith(`${issuer}/oauth/`));
  assert.deepEqual((await service.call('GET', '/.well-known/openid-configuration')).body, body);
});

it('the metadata names what the token endpoint takes, and what verifiers of OpenID tokens ask for', async (t) => {
  const service = await startTokenService(t);
  const { body } = await service.call('GET', '/.well-known/openid-configuration');
  const metadata = authorizationServerMetadataSchema.parse(body);
  assert.deepEqual(metadata.grant_types_supported, [
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'urn:ietf:params:oauth:grant-type:device_code',
  ]);
  assert.deepEqual(metadata.token_endpoint_auth_methods_supported.toSorted(), [
    'attest_jwt_client_auth',
    'attest_jwt_client_auth_dpop',
    'private_key_jwt',
  ]);
  assert.deepEqual(metadata.client_attestation_pop_methods_supported, ['dpop_combined', 'attestation_pop_jwt']);
  assert.deepEqual(metadata.acr_values_supported, [...postureAcrs]);
  assert.deepEqual(metadata.subject_types_supported, ['public']);
  assert.deepEqual(metadata.id_token_signing_alg_values_supported, ['ES256']);
});

it('the key set may be cached for ten minutes', async (t) => {
  const service = await startTokenService(t);
  const { body, headers } = await service.call('GET', '/.well-known/jwks.json');
  assert.deepEqual(
    jwkSetSchema.parse(body).keys.map(({ alg }) => alg),
    ['ES256'],
  );
  assert.equal(headers['Cache-Control'], 'public, max-age=600');
});

it('a challenge is a fresh nonce, in body and header, that is not cached', async (t) => {
  const service = await startTokenService(t);
  const { body, headers } = await service.call('POST', '/oauth/challenge');
  const answer = challengeAnswerSchema.parse(body);
  assert.equal(service.nonces.check(answer.attestation_challenge, start), 'fresh');
  assert.equal(headers['DPoP-Nonce'], answer.attestation_challenge);
  assert.equal(headers['OAuth-Client-Attestation-Challenge'], answer.attestation_challenge);
  assert.equal(headers['Cache-Control'], 'no-store');
  assert.equal(answer.server_time, '2026-11-21T09:30:00.000Z');
});
