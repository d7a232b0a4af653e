import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { app, Demand } from './scene.ts';

describe('watching', () => {
  test('demand 10: analytics show how often people opt out of which rule', async (t) => {
    const demand = await Demand.open(t);
    await demand.granted();
    const { status, body } = await demand.people.ada.get('/v1/admin/analytics/exception-rate');
    assert.equal(status, 200, JSON.stringify(body));
    assert.match(JSON.stringify(body), /baseline\/firewall/);
  });

  test('demand 7: those who have to know are told that somebody asked', async (t) => {
    const demand = await Demand.open(t);
    await demand.told('bob');
    const id = await demand.asked();
    assert.deepEqual(await demand.told('bob'), [`exception.requested ${id}`]);
    assert.deepEqual(await demand.told('max'), []);
  });

  test('demand 17: an opt-out that takes effect is announced to its person and to those who decide', async (t) => {
    const demand = await Demand.open(t);
    await demand.told('erin');
    const id = await demand.granted();
    assert.ok((await demand.told('erin')).includes(`exception.approved ${id}`));
  });

  test('demand 53: what is in force, and what is done with it, is there to be watched as it happens', async (t) => {
    const demand = await Demand.open(t);
    const id = await demand.granted();
    const token = await demand.laptop.accessToken(app);
    const { body } = await demand.people.auditor.get('/v1/admin/exceptions?state=active');
    assert.deepEqual(
      (body['items'] as { id: string; live: boolean }[]).map(({ id, live }) => [id, live]),
      [[id, true]],
    );
    const { posture } = (await demand.gateway.introspect(token)) as { posture: { exc: string[] } };
    assert.deepEqual(posture.exc, [id], 'every token names it');
    const log = await demand.people.auditor.get('/v1/admin/audit?limit=5');
    const issued = (log.body['items'] as Record<string, unknown>[]).find(({ type }) => type === 'token.issued');
    assert.ok(JSON.stringify(issued?.['data']).includes(id));
    await demand.act('bob', id, 'revoke');
    const after = await demand.people.auditor.get('/v1/admin/exceptions?state=active');
    assert.deepEqual(after.body['items'], []);
  });
});
