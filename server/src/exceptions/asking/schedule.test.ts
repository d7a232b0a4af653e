import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { day, hour, toTimestamp } from '@postern/shared/time';
import { openDesk, opened } from '../testing/desk.ts';

const tomorrow = toTimestamp(opened + day);

describe('an exception for later', () => {
  test('waits for its time once approved, then is in force for as long as was asked, and says so once', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ startsAt: tomorrow });
    const { body } = await desk.act(desk.bob, 'approve', waiting);
    assert.deepEqual([body.state, body.live], ['scheduled', false]);
    assert.deepEqual([body.beginsAt, body.expiresAt], [tomorrow, toTimestamp(opened + day + 2 * hour)]);
    assert.equal(await desk.sweep(), 0);

    desk.pass(day - 1);
    assert.equal((await desk.seen(waiting)).live, false);
    desk.pass(1);
    const begun = await desk.seen(waiting);
    assert.deepEqual([begun.state, begun.live], ['active', true], 'whether or not anybody announced it');
    assert.deepEqual([await desk.sweep(), await desk.sweep()], [1, 0]);
    assert.equal((await desk.audited(waiting)).filter((type) => type === 'exception.begun').length, 1);
    desk.pass(2 * hour);
    assert.equal((await desk.seen(waiting)).state, 'expired');
  });

  test('begins with its approval when that comes after its time', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ startsAt: toTimestamp(opened + hour) });
    desk.pass(3 * hour);
    const { body } = await desk.act(desk.bob, 'approve', waiting);
    assert.deepEqual([body.state, body.expiresAt], ['active', toTimestamp(opened + 5 * hour)]);
    assert.equal(await desk.sweep(), 0, 'the approval says that it began');
  });

  test('two servers that announce it at once say so once', async (t) => {
    const desk = await openDesk(t);
    const later = await desk.asked({ startsAt: tomorrow });
    await desk.act(desk.bob, 'approve', later);
    desk.pass(day);
    await Promise.all([desk.sweep(), desk.sweep()]);
    assert.equal((await desk.audited(later)).filter((type) => type === 'exception.begun').length, 1);
  });

  test('holds its place meanwhile, can be ended before it begins, and is not extended', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.asked({ startsAt: tomorrow });
    await desk.act(desk.bob, 'approve', first);
    assert.equal((await desk.ask()).code, 'exception_overlaps');
    assert.equal((await desk.extend(first, '4h')).code, 'exception_state');
    assert.equal((await desk.own('relinquish', first)).body.state, 'relinquished');
    const second = await desk.asked({ startsAt: tomorrow });
    await desk.act(desk.bob, 'approve', second);
    assert.equal((await desk.act(desk.eve, 'revoke', second)).body.state, 'revoked');
    assert.deepEqual(await desk.places(), {});
  });

  test('is found by its state', async (t) => {
    const desk = await openDesk(t);
    const later = await desk.asked({ startsAt: tomorrow });
    await desk.act(desk.bob, 'approve', later);
    const ids = async (state: string) => {
      const sent = { as: desk.ada, query: { state } };
      const { body } = await desk.call<{ items: { id: string }[] }>('GET', '/v1/admin/exceptions', sent);
      return body.items.map(({ id }) => id);
    };
    assert.deepEqual([await ids('scheduled'), await ids('active'), await ids('approved')], [[later.id], [], []]);
    desk.pass(day);
    assert.deepEqual([await ids('scheduled'), await ids('active')], [[], [later.id]]);
  });

  for (const [name, startsAt] of [
    ['in the past', toTimestamp(opened - 1)],
    ['now', toTimestamp(opened)],
    ['in more than 30 days', toTimestamp(opened + 30 * day + 1)],
    ['in a year that no calendar has', '9999-12-31T23:59:59Z'],
  ] as const) {
    test(`nok: ${name}`, async (t) => {
      const desk = await openDesk(t);
      assert.equal((await desk.ask({ startsAt })).code, 'exception_start_invalid');
    });
  }
});
