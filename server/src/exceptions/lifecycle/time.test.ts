import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { day, hour, type Instant, minute, toTimestamp } from '@postern/shared/time';
import { isLive } from '../../policy/index.ts';
import { effectiveState } from './lifecycle.ts';
import { readException } from '../read.ts';
import { type Desk, openDesk } from '../testing/desk.ts';

const endOf = (view: ExceptionView): Instant => Date.parse(String(view.expiresAt));

/** As it is at an instant, whatever anybody has written down by then. */
async function at(desk: Desk, { id }: { id: string }, now: Instant) {
  desk.clock.at = now;
  const record = await readException(desk.store.read, id);
  assert.ok(record);
  const { state, live } = await desk.seen({ id });
  assert.equal(isLive(record, now), live, 'one answer, whoever asks');
  assert.equal(effectiveState(record, now), state);
  return { state, live };
}

describe('time', () => {
  test('to the millisecond: it counts until its end, and not at it', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.granted({ duration: '15m' });
    const began = desk.clock.at;
    assert.equal(endOf(exception), began + 15 * minute);
    assert.deepEqual(await at(desk, exception, began), { state: 'active', live: true });
    assert.deepEqual(await at(desk, exception, endOf(exception) - 1), { state: 'active', live: true });
    assert.deepEqual(await at(desk, exception, endOf(exception)), { state: 'expired', live: false });
    assert.deepEqual(await at(desk, exception, endOf(exception) + 1), { state: 'expired', live: false });
  });

  test('a request waits until it lapses, and not a millisecond longer', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    const lapses = Date.parse(waiting.lapsesAt);
    desk.clock.at = lapses;
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).code, 'exception_state');
    desk.clock.at = lapses - 1;
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).body.state, 'active');
    assert.equal(endOf(await desk.seen(waiting)), lapses - 1 + 2 * hour, 'the clock starts with the approval');
  });

  test('a clock that jumps far ahead ends it, whether or not anything was swept', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.granted();
    assert.deepEqual(await at(desk, exception, desk.clock.at + 3650 * day), { state: 'expired', live: false });
    assert.equal((await desk.ask()).code, undefined, 'and its place is free');
  });

  test('what is recorded as ended stays ended when the clock goes back', async (t) => {
    const desk = await openDesk(t);
    const began = desk.clock.at;
    const exception = await desk.granted();
    desk.clock.at = endOf(exception);
    assert.equal(await desk.sweep(), 1);
    for (const back of [began, began - day, endOf(exception) - 1])
      assert.deepEqual(await at(desk, exception, back), { state: 'expired', live: false });
    for (const verb of ['approve', 'revoke', 'deny'])
      assert.equal((await desk.act(desk.bob, verb, exception)).code, 'exception_state');
  });

  test('every end that somebody or the device made stays when the clock goes back', async (t) => {
    const desk = await openDesk(t);
    const began = desk.clock.at;
    for (const end of ['revoke', 'relinquish'] as const) {
      const exception = await desk.granted();
      desk.pass(hour);
      if (end === 'revoke') await desk.act(desk.bob, 'revoke', exception);
      else await desk.own('relinquish', exception);
      assert.equal((await at(desk, exception, began)).live, false, end);
      desk.clock.at = began + 2 * hour;
    }
  });

  test('an end that nobody has recorded yet counts on when the clock goes back to before it, and never for longer than was approved', async (t) => {
    const desk = await openDesk(t);
    const began = desk.clock.at;
    const exception = await desk.granted();
    assert.equal((await at(desk, exception, endOf(exception) + hour)).live, false);
    // Nothing was written at that instant: the times alone decide, and by them it is not over yet.
    assert.equal((await at(desk, exception, endOf(exception) - hour)).live, true);
    assert.equal((await at(desk, exception, endOf(exception))).live, false, 'the end itself does not move');
    assert.equal(
      (await at(desk, exception, began - 1)).live,
      false,
      'nor does the approval: before it nothing was granted',
    );
  });

  test('an approval by a clock that is behind begins then, and lasts as long as was approved', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    desk.pass(-hour);
    const { body } = await desk.act(desk.bob, 'approve', waiting);
    assert.equal(endOf(body) - Date.parse(String(body.beginsAt)), 2 * hour);
    assert.equal(Date.parse(String(body.beginsAt)), desk.clock.at);
  });

  // Instants and durations are milliseconds: no calendar, zone or season makes an hour longer. These are where others stumble.
  const instants = {
    'clocks go forward in Berlin': '2027-03-28T00:30:00Z',
    'clocks go back in Berlin': '2027-10-31T00:30:00Z',
    'clocks go forward in New York': '2027-03-14T06:30:00Z',
    'clocks go back in New York': '2027-11-07T05:30:00Z',
    'clocks go back by half an hour on Lord Howe': '2027-04-03T14:30:00Z',
    'Samoa skips a day': '2011-12-30T09:30:00Z',
    'the day before a leap day': '2028-02-28T23:00:00Z',
    'a leap day': '2028-02-29T12:00:00Z',
    'the end of February without a leap day': '2100-02-28T23:30:00Z',
    'new year': '2027-12-31T23:30:00Z',
    'a leap second': '2016-12-31T23:59:59Z',
    'a leap year lasts': '2028-12-31T12:00:00Z',
  };
  for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia']) {
    test(`two hours are two hours and two days are two days, in ${zone}, whatever the calendar does`, async (t) => {
      const before = process.env['TZ'];
      process.env['TZ'] = zone;
      t.after(() => {
        if (before === undefined) delete process.env['TZ'];
        else process.env['TZ'] = before;
      });
      const desk = await openDesk(t);
      for (const [name, instant] of Object.entries(instants)) {
        const now = Date.parse(instant);
        desk.clock.at = now;
        const laptop = await desk.addDevice(desk.erin);
        for (const [rules, duration, lasts] of [
          [['base/firewall'], '2h', 2 * hour],
          [['base/disk'], '2d', 2 * day],
        ] as const) {
          const asked = await desk.asked({ rules, duration }, laptop);
          await desk.act(desk.bob, 'approve', asked);
          if (duration === '2d') await desk.act(desk.eve, 'approve', asked);
          const granted = await desk.seen(asked);
          assert.equal(granted.expiresAt, toTimestamp(now + lasts), name);
          assert.deepEqual(await at(desk, asked, now + lasts - 1), { state: 'active', live: true }, name);
          assert.deepEqual(await at(desk, asked, now + lasts), { state: 'expired', live: false }, name);
          desk.clock.at = now;
        }
      }
    });
  }
});
