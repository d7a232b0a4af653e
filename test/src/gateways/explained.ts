import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newDevice, origin } from '../support/gateway-place.ts';
import { turnFirewallOff } from './lost-trust.ts';
import { provedRequest } from './requests.ts';
import type { GatewayUnderTest, Shielded } from './shielded.ts';

/** What clients learn that are refused. */
export function explained(gateway: GatewayUnderTest, at: () => Shielded): void {
  if (gateway.explains)
    test('clients that are refused learn why, and the nonce for their next proof', async () => {
      const { headers, text: said } = await at().assertStopped({ path: '/things' }, [401]);
      // Once: two challenges would be two things to do.
      assert.equal(headers['www-authenticate'], 'DPoP algs="ES256"');
      assert.equal(typeof headers['x-posture-reason'], 'string');
      assert.ok(said.includes(String(headers['x-posture-reason'])), said);
      const stale = await at().assertStopped(
        await at().good({ proof: await at().place.device.fake.dpopProof({ ...proofCall(), nonce: 'made-up' }) }),
        [401],
      );
      assert.match(String(stale.headers['www-authenticate']), /error="use_dpop_nonce"/);
      const nonce = String(stale.headers['dpop-nonce']);
      await at().assertReaches(
        await at().good({ proof: await at().place.device.fake.dpopProof({ ...proofCall(), nonce }) }),
      );

      const device = await newDevice(at().place);
      const text = await device.accessToken(origin);
      await turnFirewallOff(device);
      const refused = await at().assertStopped(await provedRequest(at().place, text, { by: device }), [403]);
      assert.match(
        String(refused.headers['www-authenticate']),
        /^DPoP error="[^"]+", error_description="[^"]+", algs="ES256"$/,
      );
      assert.equal(typeof refused.headers['dpop-nonce'], 'string');
      assert.match(String(refused.headers['x-posture-reason']), /[Ff]irewall/);
      assert.match(refused.text, /[Ff]irewall/);
    });

  if (gateway.showsPages === true)
    test('browsers that are refused get a page', async () => {
      const headers: [string, string][] = [['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8']];
      const { headers: answered, text } = await at().assertStopped({ path: '/things', headers });
      assert.match(String(answered['content-type']), /^text\/html/);
      assert.match(String(answered['content-security-policy']), /default-src 'none'/);
      assert.match(text, /<html/i);
    });

  function proofCall() {
    return { method: 'GET', url: `${origin}/things`, accessToken: at().token, now: at().place.backend.clock.now() };
  }
}
