import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hour } from '@postern/shared/time';
import { opening } from './access-scene.ts';
import { Receiver, sendsHere } from './receiver.ts';
import { app, Demand } from './scene.ts';

describe('each session', () => {
  test('demand 50: tells its person when it begins and when it ends', async (t) => {
    const demand = await Demand.open(t);
    await demand.told('erin');
    const first = await demand.granted();
    await demand.act('bob', first, 'revoke');
    const second = await demand.granted();
    const heard = await demand.told('erin');
    for (const say of [`exception.approved ${first}`, `exception.revoked ${first}`, `exception.approved ${second}`])
      assert.ok(heard.includes(say), `${say} is not in ${heard.join()}`);
    assert.equal(await demand.refusal(), undefined, 'and it did work');
  });

  test(
    'demand 50: of access, begin and end are told, and that it ended can be verified',
    { timeout: 30_000 },
    async (t) => {
      const receiver = await Receiver.listen(t);
      const { demand, granted } = await opening(t, sendsHere);
      const { backend, gateway, laptop, people } = demand;
      await receiver.subscribe(demand);
      const told = async () => (await demand.told('erin')).map((each) => each.split(' ')[0]);
      await told();

      const id = await granted();
      assert.ok(!(await told()).includes('exception.activated'), 'granted is not begun');
      const token = await laptop.accessToken(app);
      assert.equal((await gateway.introspect(token))['active'], true);
      assert.ok((await told()).includes('exception.activated'));
      await receiver.hears(demand, 'exception.activated', id);
      assert.equal(receiver.hasHeard('exception.revoked', id), false);

      assert.equal((await people.bob.post(`/v1/me/access/${id}/end`, {})).status, 200);
      assert.ok((await told()).includes('exception.revoked'));
      await receiver.hears(demand, 'exception.revoked', id);
      assert.deepEqual(await gateway.introspect(token), { active: false });
      assert.equal(await demand.refusal(), 'access_required');
      assert.equal((await demand.seen(id))['live'], false);

      // The same where nobody ends it but time.
      const other = await granted();
      const last = await laptop.accessToken(app);
      backend.clock.advance(hour);
      assert.deepEqual(await gateway.introspect(last), { active: false });
      await backend.server.jobs.run(sweeper);
      await receiver.hears(demand, 'exception.expired', other);
      assert.ok((await told()).includes('exception.expired'));
    },
  );
});

const sweeper = 'announce ended exceptions';
