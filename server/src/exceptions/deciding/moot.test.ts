import assert from 'node:assert/strict';
import test from 'node:test';
import { hour } from '@postern/shared/time';
import { openDesk } from '../testing/desk.ts';
import { basePolicy, posture } from '../testing/policy.ts';

test('a rule that changed while a request waited does not hide that the device got worse', async (t) => {
  const desk = await openDesk(t);
  const asked = await desk.asked({ rules: ['base/firewall', 'base/disk'] });
  await desk.publish(basePolicy({ firewall: '{ max_duration: 7h, max_total: 12h, approvals: 1 }' }));
  await desk.report(desk.laptop, posture({ disk: 'none' }, desk.clock.at));
  await desk.act(desk.bob, 'approve', asked);
  const answer = await desk.act(desk.eve, 'approve', asked);
  assert.equal(answer.code, 'exception_changed');
  assert.equal((await desk.seen(asked)).state, 'pending');
});

test('an edit may take the place of an exception that is over and that nobody has announced yet', async (t) => {
  const desk = await openDesk(t);
  await desk.granted({ duration: '2h' });
  const waiting = await desk.asked({ rules: ['base/disk'] });
  desk.pass(2 * hour);
  const edited = await desk.own('edit', waiting, { rules: ['base/disk', 'base/firewall'] });
  assert.equal(edited.status, 200, edited.code);
  assert.equal((await desk.places())['base/firewall *'], waiting.id);
});
