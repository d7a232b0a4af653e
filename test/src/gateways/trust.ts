import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newDevice, origin } from '../support/gateway-place.ts';
import { lostTrust } from './lost-trust.ts';
import { provedRequest } from './requests.ts';
import type { GatewayUnderTest, Shielded } from './shielded.ts';

/** What changed a moment ago, and whether it counts; and when nobody can say. */
export function trust(gateway: GatewayUnderTest, at: () => Shielded): void {
  const asks = gateway.whenAway !== null;
  for (const [name, lose] of Object.entries(lostTrust))
    test(`${asks ? 'gets nothing more' : 'known limit: gets requests until the token expires'} of ${name}`, async () => {
      const device = await newDevice(at().place);
      const text = await device.accessToken(origin);
      await at().assertReaches(
        await provedRequest(at().place, text, { scheme: at().scheme, by: device }),
        at().identity(text),
      );
      await lose(at().place, device, text);
      const next = await provedRequest(at().place, text, { scheme: at().scheme, by: device });
      if (asks) await at().assertStopped(next, [401, 403]);
      else await at().assertReaches(next, at().identity(text));
    });

  test(asks ? 'gets nothing while Postern is away or hangs' : 'goes on while Postern is away', async () => {
    await at().assertReaches(await at().good());
    const [away, hanging, back] = [await at().good(), await at().good(), await at().good()];
    await at().place.way.cut();
    try {
      if (gateway.whenAway !== null) await at().assertStopped(away, gateway.whenAway);
      else await at().assertReaches(away);
    } finally {
      await at().place.way.restore();
    }
    at().place.way.block();
    try {
      if (gateway.whenAway !== null) await at().assertStopped(hanging, gateway.whenAway);
      else await at().assertReaches(hanging);
    } finally {
      await at().place.way.restore();
    }
    await at().assertReaches(back);
  });

  if (asks)
    test('gets nothing through a gateway that Postern does not know any more', async () => {
      const removed = await at().place.admin.call('DELETE', `/v1/admin/gateways/${at().place.credential.id}`);
      assert.ok(removed.status < 300, JSON.stringify(removed.body));
      await at().assertStopped(await at().good());
    });
}
