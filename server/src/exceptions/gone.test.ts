import assert from 'node:assert/strict';
import test from 'node:test';
import { openDesk } from './testing/desk.ts';

test('what somebody had ends when they leave, and does not come back with them', async (t) => {
  const desk = await openDesk(t);
  const granted = await desk.granted({ duration: '8h' });
  await desk.change('users', desk.erin.id, { active: 0 });
  await desk.sweep();
  await desk.change('users', desk.erin.id, { active: 1 });
  const after = await desk.seen(granted);
  assert.deepEqual([after.state, after.live, after.endedReason], ['voided', false, 'Its person has left.']);
  assert.deepEqual(await desk.places(), {});
  assert.equal((await desk.entries(granted.id)).at(-1)?.data['cause'], 'person-gone');
});
