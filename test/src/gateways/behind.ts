import { after, before, describe } from 'node:test';
import { suiteScope } from '../support/scene.ts';
import { explained } from './explained.ts';
import { refused } from './refused.ts';
import { type GatewayUnderTest, Shielded } from './shielded.ts';
import { told } from './told.ts';
import { trust } from './trust.ts';

/** The application behind the gateway, under attack. */
export function behindGateway(gateway: GatewayUnderTest): void {
  describe(`an application behind ${gateway.name}`, () => {
    const scope = suiteScope();
    let shielded: Shielded;
    before(async () => {
      shielded = await Shielded.open(gateway, scope);
    });
    after(() => scope.clean());
    const at = () => shielded;

    told(gateway, at, scope);
    refused(gateway, at);
    explained(gateway, at);
    // The last of it takes the gateway's credential away.
    trust(gateway, at);
  });
}
