import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { openDesk } from './testing/desk.ts';
import { payroll, wiki } from './testing/policy.ts';

interface Page {
  items: ExceptionView[];
  next: string | null;
}

describe('who may do what', () => {
  test('an employee reads and decides nothing in the console, an auditor reads and decides nothing', async (t) => {
    const desk = await openDesk(t);
    const olga = await desk.addPerson('Olga', ['auditor']);
    const noah = await desk.addPerson('Noah', ['employee']);
    const waiting = await desk.asked();
    const path = `/v1/admin/exceptions/${waiting.id}`;
    assert.equal((await desk.call('GET', path, { as: desk.erin })).status, 200, 'it is for her');
    assert.equal((await desk.call('GET', '/v1/admin/exceptions', { as: desk.erin })).code, 'not_allowed');
    for (const { as, reads } of [
      { as: noah, reads: false },
      { as: olga, reads: true },
      { as: desk.bob, reads: true },
      { as: desk.ada, reads: true },
    ]) {
      assert.equal((await desk.call('GET', path, { as })).code, reads ? undefined : 'not_allowed');
      assert.equal((await desk.call('GET', '/v1/admin/exceptions', { as })).code, reads ? undefined : 'not_allowed');
    }
    for (const verb of ['approve', 'deny'])
      assert.equal((await desk.act(desk.erin, verb, waiting)).code, 'not_allowed');
    for (const as of [noah, olga]) {
      for (const verb of ['approve', 'deny', 'revoke', 'withdraw', 'edit'])
        assert.equal((await desk.act(as, verb, waiting)).code, 'not_allowed');
      assert.equal((await desk.call('POST', '/v1/admin/exceptions', { as })).code, 'not_allowed');
    }
    assert.equal((await desk.call('GET', path, { as: desk.laptop })).code, 'not_signed_in');
    assert.equal((await desk.call('GET', '/v1/exceptions', { as: desk.bob })).code, 'not_signed_in');
    const [first, ...tries] = await desk.audited(waiting);
    assert.equal(first, 'exception.requested');
    assert.ok(
      tries.every((type) => type === 'exception.decision-refused not_allowed'),
      'that somebody tried is known',
    );
  });

  test("a device's person has their own and hears of no other's", async (t) => {
    const desk = await openDesk(t);
    const mallory = await desk.addPerson('Mallory', ['employee']);
    const other = await desk.addDevice(mallory);
    const waiting = await desk.asked();
    const active = await desk.granted({ rules: ['base/lock'] });
    assert.deepEqual(
      (await list(desk.laptop)).map(({ id }) => id),
      [active.id, waiting.id],
    );
    assert.deepEqual(await list(other), []);
    assert.equal((await desk.own('withdraw', waiting, {}, other)).code, 'not_found');
    assert.equal((await desk.own('relinquish', active, {}, other)).code, 'not_found');
    assert.equal((await desk.extend(active, '4h', other)).code, 'not_found');
    assert.deepEqual((await desk.entries(waiting.id)).at(-1)?.actor, mallory.id, 'that somebody tried is known');

    async function list(as: typeof other) {
      return (await desk.call<Page>('GET', '/v1/exceptions', { as })).body.items;
    }
  });

  test('a device that has another owner now shows them nothing of the one before', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    const active = await desk.granted({ rules: ['base/lock'] });
    await desk.change('devices', desk.laptop.id, { owner_id: desk.eve.id });
    const as = { ...desk.laptop, ownerId: desk.eve.id };
    const { body } = await desk.call<Page>('GET', '/v1/exceptions', { as });
    assert.deepEqual(body.items, []);
    for (const [verb, exception] of [
      ['withdraw', waiting],
      ['relinquish', active],
    ] as const)
      assert.equal((await desk.own(verb, exception, {}, as)).code, 'not_found');
    assert.equal((await desk.extend(active, '4h', as)).code, 'not_found');
  });
});

describe('the list', () => {
  test('is filtered, and goes on where a page ended', async (t) => {
    const desk = await openDesk(t);
    const other = await desk.addDevice(desk.eve);
    const ids = [
      await desk.asked({ resources: [wiki] }),
      await desk.asked({ resources: [payroll] }),
      await desk.granted({ rules: ['base/lock'] }),
      await desk.asked({}, other),
    ].map(({ id }) => id);
    const list = async (query: Record<string, unknown>) =>
      (await desk.call<Page>('GET', '/v1/admin/exceptions', { as: desk.ada, query })).body;
    assert.deepEqual(
      (await list({ device: other.id })).items.map(({ id }) => id),
      [ids[3]],
    );
    assert.deepEqual(
      (await list({ person: desk.eve.id })).items.map(({ id }) => id),
      [ids[3]],
    );
    assert.deepEqual(
      (await list({ state: 'active' })).items.map(({ id }) => id),
      [ids[2]],
    );
    const first = await list({ limit: '3' });
    assert.deepEqual(
      first.items.map(({ id }) => id),
      [ids[3], ids[2], ids[1]],
    );
    const second = await list({ limit: '3', after: first.next });
    assert.deepEqual([second.items.map(({ id }) => id), second.next], [[ids[0]], null]);
  });

  for (const query of [
    { after: 'exc_\0' },
    { after: "' or 1=1 --" },
    { state: 'any' },
    { device: 'usr_1' },
    { limit: '0' },
  ]) {
    test(`nok: ${JSON.stringify(query)}`, async (t) => {
      const desk = await openDesk(t);
      const answer = await desk.call('GET', '/v1/admin/exceptions', { as: desk.ada, query });
      assert.equal(answer.code, 'malformed_request');
    });
  }
});
