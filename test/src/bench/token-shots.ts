import type { FakeDevice } from '@postern/server/attestation/testing/fake-device';
import type { Shot } from './load.ts';

/** How a device authenticates: by a signature of its own beside the DPoP proof, or by an attestation with the proof as its PoP. */
export type Method = 'private_key_jwt' | 'attest_jwt_client_auth_dpop';

/** The signatures that one token cannot be had without. A client attestation is signed once and verified again at most now and then. */
export const signaturesOf: Readonly<Record<Method, { verifications: number; signatures: number }>> = {
  private_key_jwt: { verifications: 2, signatures: 1 },
  attest_jwt_client_auth_dpop: { verifications: 1, signatures: 1 },
};

export interface TokenWish {
  method: Method;
  /** Of the server; the path is that of its token endpoint. */
  url: string;
  path: string;
  resource: string;
  nonce: string;
  /** The device's client attestation, where the method is that. */
  attestation: string | undefined;
}

/** A request for a token, the same for every server: client credentials, a resource, a DPoP proof with a nonce. */
export async function tokenShot(device: FakeDevice, wish: TokenWish): Promise<Shot> {
  const now = Date.now();
  const { method, attestation } = wish;
  const dpop = await device.dpopProof({ method: 'POST', url: `${wish.url}${wish.path}`, nonce: wish.nonce, now });
  const form = { grant_type: 'client_credentials', resource: wish.resource };
  const headers = { 'content-type': 'application/x-www-form-urlencoded', dpop };
  if (method === 'private_key_jwt') {
    // Long enough to wait for its round, and within what every server accepts.
    const assertion = await device.clientAssertion(now, { claims: { exp: Math.floor(now / 1000) + 240 } });
    return { path: wish.path, headers, body: new URLSearchParams({ ...form, ...assertion }).toString() };
  }
  if (attestation === undefined) throw new Error('a client attestation is needed');
  return {
    path: wish.path,
    headers: { ...headers, 'oauth-client-attestation': attestation },
    body: new URLSearchParams({ ...form, client_id: device.id }).toString(),
  };
}

/** The same number of shots for each device, each device a lane. */
export async function lanesOf(
  devices: readonly FakeDevice[],
  perLane: number,
  make: (device: FakeDevice) => Promise<Shot>,
): Promise<Shot[][]> {
  return await Promise.all(
    devices.map(async (device) => {
      const lane: Shot[] = [];
      for (let each = 0; each < perLane; each += 1) lane.push(await make(device));
      return lane;
    }),
  );
}
