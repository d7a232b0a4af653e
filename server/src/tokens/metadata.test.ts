import assert from 'node:assert/strict';
import { it } from 'node:test';
import { challengeAnswerSchema } from '@postern/shared/protocol/attestation';
import { authorizationServerMetadataSchema, jwkSetSchema } from '@postern/shared/protocol/token';
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

it('the key set may be cached for ten minutes', async (t) => {
  const service = await startTokenService(t);
  const { body, headers } = await service.call('GET', '/.well-known/jwks.json');
  assert.equal(jwkSetSchema.parse(body).keys.length, 1);
  assert.equal(headers['Cache-Control'], 'public, max-age=600');
});

it('a challenge is a fresh nonce, in body and header, that is not cached', async (t) => {
  const service = await startTokenService(t);
  const { body, headers } = await service.call('POST', '/oauth/challenge');
  const answer = challengeAnswerSchema.parse(body);
  assert.equal(service.nonces.check(answer.attestation_challenge, start), 'fresh');
  assert.equal(headers['DPoP-Nonce'], answer.attestation_challenge);
  assert.equal(headers['Cache-Control'], 'no-store');
  assert.equal(answer.server_time, '2026-11-21T09:30:00.000Z');
});
