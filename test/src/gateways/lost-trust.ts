import assert from 'node:assert/strict';
import { type GatewayPlace, hardwareOf } from '../support/gateway-place.ts';
import type { HttpDevice } from '../support/http-device.ts';

/** What made the device or its token worthless a moment ago. */
export const lostTrust: Record<string, (place: GatewayPlace, device: HttpDevice, token: string) => Promise<void>> = {
  'a revoked token': async ({ backend, credential }, _, revoked) => {
    const basic = Buffer.from(`${credential.id}:${credential.secret}`).toString('base64');
    const body = new URLSearchParams({ token: revoked });
    const headers = { authorization: `Basic ${basic}` };
    assert.equal((await fetch(`${backend.url}/oauth/revoke`, { method: 'POST', headers, body })).status, 200);
  },
  'a suspended device': async ({ admin }, { fake }) => {
    const answer = await admin.post(`/v1/admin/devices/${fake.id}/suspend`, { reason: 'Lost in a train' });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  },
  'a device that failed its attestation': async (_, device) => turnFirewallOff(device),
};

export async function turnFirewallOff(device: HttpDevice): Promise<void> {
  const found = await device.attest({}, { ...hardwareOf(device), ...device.firewallOff() });
  assert.equal(found.status, 200, JSON.stringify(found.body));
}
