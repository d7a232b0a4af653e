import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { hour } from '@postern/shared/time';
import { openDesk } from '../testing/desk.ts';
import { deskTemplate } from '../testing/templates.ts';

const wish = { rules: ['base/firewall'], duration: '2h', justification: 'Customers are here all day' };

describe('somebody who is signed in', () => {
  test('asks for their own device, sees it, changes it, and takes it back', async (t) => {
    const desk = await openDesk(t);
    const body = { ...wish, device: desk.laptop.id };
    const asked = await desk.call('POST', '/v1/me/exceptions', { as: desk.erin, body });
    assert.deepEqual([asked.status, asked.body.requestedBy.id, asked.body.state], [201, desk.erin.id, 'pending']);
    const listed = await desk.call<{ items: ExceptionView[] }>('GET', '/v1/me/exceptions', { as: desk.erin });
    assert.deepEqual(
      listed.body.items.map(({ id }) => id),
      [asked.body.id],
    );
    const others = await desk.call<{ items: ExceptionView[] }>('GET', '/v1/me/exceptions', { as: desk.bob });
    assert.deepEqual(others.body.items, []);
    const path = `/v1/admin/exceptions/${asked.body.id}`;
    assert.equal((await desk.call('GET', path, { as: desk.erin })).body.id, asked.body.id);
    assert.equal((await desk.call('GET', `${path}/impact`, { as: desk.erin })).status, 200);
    assert.equal((await desk.act(desk.erin, 'edit', asked.body, { duration: '1h' })).body.durationSeconds, 3600);
    assert.equal((await desk.act(desk.erin, 'approve', asked.body)).code, 'not_allowed');
    assert.equal((await desk.act(desk.erin, 'withdraw', asked.body)).body.state, 'withdrawn');
    assert.deepEqual(await desk.store.read.selectFrom('exception_views').selectAll().execute(), []);
  });

  test('asks for more time, and ends what they have', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted();
    desk.pass(hour);
    const body = { duration: '4h', justification: 'It takes longer than we thought' };
    const more = await desk.act(desk.erin, 'extend', first, body);
    assert.deepEqual([more.status, more.body.extends, more.body.requestedBy.id], [201, first.id, desk.erin.id]);
    assert.equal((await desk.act(desk.bob, 'extend', first, body)).code, 'not_found', 'is not theirs');
    assert.equal((await desk.act(desk.erin, 'revoke', first)).body.state, 'relinquished');
  });

  test('nok: on the device of somebody else, whatever their role', async (t) => {
    const desk = await openDesk(t);
    const body = { ...wish, device: desk.laptop.id };
    for (const as of [desk.bob, desk.ada]) {
      assert.equal((await desk.call('POST', '/v1/me/exceptions', { as, body })).code, 'not_found');
      assert.equal((await desk.call('POST', '/v1/me/exceptions/preview', { as, body })).code, 'not_found');
    }
    const preview = await desk.call('POST', '/v1/me/exceptions/preview', { as: desk.erin, body });
    assert.equal(preview.status, 200);
  });

  test('nok: what is about others they neither read, nor take back, nor change', async (t) => {
    const desk = await openDesk(t);
    const carl = await desk.addPerson('Carl', ['employee']);
    const waiting = await desk.asked();
    const path = `/v1/admin/exceptions/${waiting.id}`;
    assert.equal((await desk.call('GET', path, { as: carl })).code, 'not_allowed');
    assert.equal((await desk.call('GET', `${path}/impact`, { as: carl })).code, 'not_allowed');
    for (const verb of ['withdraw', 'edit', 'revoke', 'deny', 'approve'])
      assert.equal((await desk.act(carl, verb, waiting)).code, 'not_allowed', verb);
    assert.equal((await desk.act(desk.bob, 'withdraw', waiting)).code, 'not_allowed');
  });

  test('who manages somebody sees what they decide on', async (t) => {
    const desk = await openDesk(t);
    const mia = await desk.addPerson('Mia', ['employee']);
    await desk.change('users', desk.erin.id, { manager_id: mia.id });
    await desk.template(deskTemplate('stages: [{ title: Manager, manager: true }]'));
    const waiting = await desk.asked({ template: 'desk' });
    assert.equal((await desk.call('GET', `/v1/admin/exceptions/${waiting.id}/impact`, { as: mia })).status, 200);
    assert.equal((await desk.act(mia, 'approve', waiting)).body.state, 'active');
  });
});
