import assert from 'node:assert/strict';
import { generateKeyPair } from 'jose';
import { publicKeyTexts, resigned } from '../support/forged-jws.ts';
import { type GatewayPlace, origin, otherResource } from '../support/gateway-place.ts';
import { type Attack, provedRequest, signedByBackend, stranger } from './requests.ts';

/** Puts an attacker's token where the good one would be: the proof that comes with it is right in every way. */
const token =
  (forge: (place: GatewayPlace, good: string) => Promise<string>): Attack =>
  async (place, good) =>
    provedRequest(place, await forge(place, good));

const seconds = (place: GatewayPlace) => Math.floor(place.backend.clock.now() / 1000);

async function hmacKeys({ backend }: GatewayPlace): Promise<string[]> {
  const { keys } = backend.server.deps.signingKeys.jwks();
  const signing = keys.filter(({ kty }) => kty === 'EC');
  assert.ok(signing.length > 0);
  return (await Promise.all(signing.map((jwk) => publicKeyTexts(jwk)))).flat();
}

/** What is wrong with the token. Nothing of it reaches the application, whoever checks. */
export const badTokens: Record<string, Attack> = {
  'no token': async () => ({ path: '/things' }),
  'a token without a name for it': async (_, good) => ({ headers: [['Authorization', good]] }),
  'an expired token': token((place) =>
    signedByBackend(place, { iat: seconds(place) - 600, exp: seconds(place) - 300 }),
  ),
  'a token for another application': token(({ device }) => device.accessToken(otherResource)),
  'a token of another issuer': token((place) => signedByBackend(place, { iss: 'https://evil.example' })),
  'a token signed with another key': token(async (_, good) => resigned(good, { key: await stranger() })),
  'a token that is not signed (alg none)': token((_, good) => resigned(good, { none: true })),
  'a token signed with the public key as a secret (HS256)': async (place, good) => {
    const requests = (await hmacKeys(place)).map(async (secret) =>
      provedRequest(place, await resigned(good, { secret })),
    );
    return Promise.all(requests);
  },
  'a token that never expires': token((place) => signedByBackend(place, { exp: undefined })),
  'an ID token': token((place) => signedByBackend(place, {}, 'JWT')),
  'a token that brings its own key': token(async (_, good) => {
    const { privateKey } = await generateKeyPair('ES256');
    return resigned(good, { key: privateKey }, { header: { jku: 'https://evil.example/keys', kid: '../../dev/null' } });
  }),
  'a token that is bound to no key': token((place) => signedByBackend(place, { cnf: undefined })),
  'a token of 10 kB': token((place) => signedByBackend(place, { filler: 'x'.repeat(7500) })),
  'a token of 40 kB': token((place) => signedByBackend(place, { filler: 'x'.repeat(30_000) })),
  'two tokens': async (place, good) =>
    provedRequest(place, good, { headers: [['Authorization', `DPoP ${await place.device.accessToken(origin)}`]] }),
};
