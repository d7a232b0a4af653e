import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { app, Demand, firewall } from './scene.ts';

describe('before it is decided', () => {
  test('demand 8: scope and consequences are shown before anybody asks, and change nothing', async (t) => {
    const demand = await Demand.open(t);
    const wish = { rules: [firewall], resources: [app], duration: '2h', justification: 'Customers are here all day' };
    const { status, body } = await demand.laptop.call('POST', '/v1/exceptions/preview', wish);
    assert.equal(status, 200, JSON.stringify(body));
    const text = JSON.stringify(body);
    for (const say of [firewall, app, 'baseline/screen-lock'])
      assert.ok(text.includes(say), `${say} is not in ${text}`);
    assert.deepEqual((await demand.people.ada.get('/v1/admin/exceptions')).body['items'], []);
  });
});
