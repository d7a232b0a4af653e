import type { Forgery } from '@postern/server/attestation/testing/fake-device';
import { resigned } from '../support/forged-jws.ts';
import { type GatewayPlace, newDevice, origin } from '../support/gateway-place.ts';
import type { SentRequest } from '../support/gateway-request.ts';
import { type Attack, provedRequest, stranger } from './requests.ts';

async function forgedProof(place: GatewayPlace, token: string, forgery: Forgery): Promise<SentRequest> {
  const call = { method: 'GET', url: `${origin}/things`, accessToken: token, nonce: await place.device.nonce() };
  const proof = await place.device.fake.dpopProof({ ...call, now: place.backend.clock.now(), ...forgery });
  return provedRequest(place, token, { path: '/things', proof });
}

/** What is wrong with the proof, or with what it is a proof for. */
export const badProofs: Record<string, Attack> = {
  'no proof': (place, good) => provedRequest(place, good, { proof: null }),
  'a token taken for a Bearer token, with its proof': (place, good) => provedRequest(place, good, { scheme: 'Bearer' }),
  'a token taken for a Bearer token, without a proof': (place, good) =>
    provedRequest(place, good, { scheme: 'Bearer', proof: null }),
  'a proof of another device': async (place, good) => provedRequest(place, good, { by: await newDevice(place) }),
  'a proof for another path': (place, good) => provedRequest(place, good, { proved: { url: `${origin}/other` } }),
  'a proof for another host': (place, good) =>
    provedRequest(place, good, { proved: { url: 'https://evil.example/things' } }),
  'a proof for another method': (place, good) =>
    provedRequest(place, good, { method: 'DELETE', proved: { method: 'GET' } }),
  'a proof for another token': async (place, good) =>
    provedRequest(place, good, { proved: { accessToken: await place.device.accessToken(origin) } }),
  'a proof from yesterday': async (place, good) => {
    const call = { method: 'GET', url: `${origin}/things`, accessToken: good, nonce: await place.device.nonce() };
    const proof = await place.device.fake.dpopProof({ ...call, now: place.backend.clock.now() - 86_400_000 });
    return provedRequest(place, good, { path: '/things', proof });
  },
  'a proof signed by somebody else in the name of the device': async (place, good) =>
    forgedProof(place, good, { key: await stranger() }),
  'a proof that is not signed (alg none)': async (place, good) => {
    const { headers = [] } = await provedRequest(place, good);
    const [, proof = ''] = headers.find(([name]) => name === 'DPoP') ?? [];
    return provedRequest(place, good, { proof: await resigned(proof, { none: true }) });
  },
  'something else that the device signed': (place, good) => forgedProof(place, good, { header: { typ: 'JWT' } }),
  'a proof without an identifier': (place, good) => forgedProof(place, good, { claims: { jti: undefined } }),
  'a proof that names no key': (place, good) => forgedProof(place, good, { header: { jwk: undefined } }),
  'a proof that names its key in another form': ({ device, ...place }, good) =>
    forgedProof({ device, ...place }, good, { header: { jwk: { ...device.fake.jwk, x: [device.fake.jwk.x] } } }),
  'a proof that is no JWS': (place, good) => provedRequest(place, good, { proof: 'e30.e30.e30' }),
  'two proofs': async (place, good) => {
    const { headers = [] } = await provedRequest(place, good);
    return provedRequest(place, good, { headers: headers.filter(([name]) => name === 'DPoP') });
  },
  'a client that says itself which address is meant': (place, good) =>
    provedRequest(place, good, {
      method: 'DELETE',
      path: '/secret',
      proved: { method: 'GET', url: `${origin}/things` },
      headers: [
        ['X-Original-URL', `${origin}/things`],
        ['X-Original-Method', 'GET'],
        ['X-Forwarded-Uri', '/things'],
        ['X-Forwarded-Method', 'GET'],
        ['X-Forwarded-Host', 'app.example'],
        ['X-Forwarded-Proto', 'https'],
        ['X-Envoy-Original-Path', '/things'],
        ['X-Rewrite-Url', '/things'],
      ],
    }),
};
