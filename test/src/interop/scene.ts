import assert from 'node:assert/strict';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Backend, startBackend } from '../support/backend.ts';
import { partOf, publicKeyTexts, resigned, withOtherSignatureBit } from '../support/forged-jws.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { resource } from '../support/scene.ts';

/** A server, a device in order with its private key, and tokens: good ones, and all that must be refused. */
export interface InteropScene {
  backend: Backend;
  device: HttpDevice;
  key: JWK;
  good: string;
  bad: Record<string, string>;
  /** Signed by the right key, and yet no access token: who looks at the type only refuses it. */
  ofAnotherType: string;
}

const lifeMs = 300_000;

export async function openInteropScene(t: Parameters<typeof startBackend>[0]): Promise<InteropScene> {
  const backend = await startBackend(t);
  const admin = await backend.person('ada@example.org', ['admin']);
  await backend.publish(firewallPolicy, admin);
  const resources = [resource, 'https://other.example'];
  assert.equal((await admin.post('/v1/admin/gateways', { name: 'App', resources })).status, 201);
  const keys = await generateKeyPair('ES256', { extractable: true });
  const device = await HttpDevice.enroll(backend, admin, keys);

  // Verifiers go by the real clock: what is over for them is issued by a server that was behind.
  backend.clock.advance(-2 * lifeMs);
  assert.equal((await device.attest()).status, 200);
  const expired = await device.accessToken();
  backend.clock.advance(2 * lifeMs);
  assert.equal((await device.attest()).status, 200);
  const good = await device.accessToken();

  const { signingKeys, signalKeys } = backend.server.deps;
  const now = backend.clock.now();
  const claims = partOf(good, 1);
  const stranger = await generateKeyPair('ES256');
  const [jwk = {}] = signingKeys.jwks().keys;
  const [pem = '', asJson = ''] = await publicKeyTexts(jwk);
  return {
    backend,
    device,
    key: await exportJWK(keys.privateKey),
    good,
    bad: {
      expired,
      'for another audience': await device.accessToken('https://other.example'),
      'of another issuer': await signingKeys.sign({ ...claims, iss: 'https://other.example' }, 'at+jwt', now),
      'without an end': await signingKeys.sign({ ...claims, exp: undefined }, 'at+jwt', now),
      'of a stranger under our kid': await resigned(good, { key: stranger.privateKey }),
      'of a stranger under a kid of their own': await resigned(
        good,
        { key: stranger.privateKey },
        { header: { kid: 'mine' } },
      ),
      unsigned: await resigned(good, { none: true }),
      'HS256 with the public key as the secret': await resigned(good, { secret: pem }),
      'HS256 with the public JWK as the secret': await resigned(good, { secret: asJson }),
      'signed by the key of signals': await signalKeys.sign(claims, 'at+jwt' as 'secevent+jwt', now),
      'with a bit of the signature turned over': withOtherSignatureBit(good),
      'no token at all': 'x',
    },
    ofAnotherType: await signingKeys.sign(claims, 'JWT', now),
  };
}
