import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toldAbout } from '../support/gateway-application.ts';
import { origin } from '../support/gateway-place.ts';
import { badProofs } from './bad-proofs.ts';
import { badTokens } from './bad-tokens.ts';
import { dottedPaths, doublePaths } from './requests.ts';
import type { GatewayUnderTest, Shielded } from './shielded.ts';

/** What never gets as far as the application, and, where the documentation admits it, what does. */
export function refused(gateway: GatewayUnderTest, at: () => Shielded): void {
  const { letsThrough = [] } = gateway;
  describe('gets nothing of', () => {
    for (const [name, attack] of Object.entries({ ...badTokens, ...badProofs })) {
      if (letsThrough.includes(name)) continue;
      test(name, async () => {
        const requests = [await attack(at().place, at().token)].flat();
        for (const request of requests) await at().assertStopped(name in badTokens ? at().inScheme(request) : request);
      });
    }
    for (const path of gateway.normalises === true ? doublePaths : [...doublePaths, ...dottedPaths])
      test(`${path}, which two programs could read as two paths`, async () => {
        await at().assertStopped(await at().good({ path }));
      });
  });

  if (!letsThrough.includes('a proof that was used'))
    test('gets a request once, and not again with the same proof', async () => {
      const request = await at().good();
      await at().assertReaches(request);
      await at().assertStopped(request, [401]);
    });

  for (const name of letsThrough.filter((each) => each in badProofs))
    test(`known limit: gets ${name}`, async () => {
      const request = await badProofs[name]?.(at().place, at().token);
      assert.ok(request !== undefined && !Array.isArray(request));
      at().taken();
      assert.equal((await at().send(at().inScheme(request))).status, 200);
      assert.deepEqual(at().taken().map(toldAbout), [at().identity()]);
    });

  if (letsThrough.includes('a proof that was used'))
    test('known limit: gets a request again with a proof that was used', async () => {
      const request = await at().good();
      await at().assertReaches(request);
      await at().assertReaches(request);
    });

  for (const path of ['/_postern/verify', '/_postern/keys'])
    test(`is not reached around the gateway's own address ${path}`, async () => {
      await at().assertStopped({ path });
    });

  if (gateway.normalises === true)
    for (const path of dottedPaths)
      test(`${path} is one path before anybody judges it`, async () => {
        const request = await at().good({ path });
        at().taken();
        assert.equal((await at().send(request)).status, 200);
        const [reached] = at().taken();
        assert.equal(reached?.path, path.includes('/./') ? '/open/secret' : '/secret');
        await at().assertStopped(await at().good({ path, proved: { url: `${origin}/open` } }));
      });

  if (gateway.scheme === 'Bearer')
    test('known limit: gets nothing of clients that send their token as DPoP', async () => {
      await at().assertStopped(await at().good({ scheme: 'DPoP' }), [401]);
    });
}
