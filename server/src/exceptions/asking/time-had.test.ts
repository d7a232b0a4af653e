import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { day, hour, toTimestamp } from '@postern/shared/time';
import { openDesk } from '../testing/desk.ts';
import { basePolicy, payroll, posture, wiki } from '../testing/policy.ts';
import { deskTemplate } from '../testing/templates.ts';
import { longest } from './time-had.ts';

describe('the longest that may come on top of what was had', () => {
  test('is what a clerk finds who counts every instant', () => {
    const span = fc
      .record({ from: fc.integer({ min: 0, max: 60 }), length: fc.integer({ min: -2, max: 30 }) })
      .map(({ from, length }) => ({ from, to: from + length }));
    const counted = (spans: readonly { from: number; to: number }[]) => {
      let found = 0;
      for (let at = 0; at < 400; at += 1) if (spans.some(({ from, to }) => from <= at && at < to)) found += 1;
      return found;
    };
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 8 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 120 }),
        (spans, start, total) => {
          const most = longest(spans, start, total);
          if (counted(spans) >= total) assert.equal(most, total - counted(spans));
          else {
            assert.ok(counted([...spans, { from: start, to: start + most }]) <= total);
            assert.ok(counted([...spans, { from: start, to: start + most + 1 }]) > total);
          }
        },
      ),
    );
  });
});

/** The firewall may be excepted for 8 hours, and for 12 in all. */
describe('the longest that a rule may be waived in all', () => {
  test('nok: more of it for who gives back what they have and asks anew', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted({ duration: '8h' });
    desk.pass(7 * hour);
    await desk.own('relinquish', first);
    assert.equal((await desk.ask({ duration: '6h' })).code, 'exception_too_long');
    const second = await desk.granted({ duration: '5h' });
    desk.pass(5 * hour);
    assert.equal((await desk.ask({ duration: '1m' })).code, 'exception_too_long');
    assert.equal((await desk.seen(second)).state, 'expired');
    desk.pass(90 * day);
    assert.equal((await desk.ask({ duration: '8h' })).status, 201, 'it is long ago');
  });

  test('nok: approved, when the time was had meanwhile', async (t) => {
    const desk = await openDesk(t);
    const later = await desk.asked({ duration: '8h', resources: [payroll] });
    await desk.granted({ duration: '8h', resources: [wiki] });
    desk.pass(8 * hour);
    assert.equal((await desk.act(desk.bob, 'approve', later)).code, 'exception_too_long');
    assert.equal((await desk.act(desk.bob, 'approve', later, { duration: '4h' })).body.state, 'active');
  });

  test('begins anew when the device has passed the rule', async (t) => {
    const desk = await openDesk(t);
    await desk.granted({ duration: '8h' });
    desk.pass(8 * hour);
    assert.equal((await desk.ask({ duration: '8h' })).code, 'exception_too_long');
    await desk.report(desk.laptop, posture({ firewall: true }, desk.clock.at));
    desk.pass(hour);
    await desk.report(desk.laptop, posture({}, desk.clock.at));
    assert.equal((await desk.ask({ duration: '8h' })).status, 201);
  });

  test('is of each rule, of each device, and of each template for itself', async (t) => {
    const desk = await openDesk(t);
    await desk.publish(basePolicy({ firewall: '{ max_duration: 8h, max_total: 20h, approvals: 1 }' }));
    await desk.template(deskTemplate('max_total: 8h'));
    await desk.granted({ duration: '8h', template: 'desk' });
    desk.pass(8 * hour);
    assert.equal((await desk.ask({ duration: '1h', template: 'desk' })).code, 'exception_too_long');
    assert.equal((await desk.ask({ duration: '1h', template: 'desk', rules: ['base/lock'] })).status, 201);
    assert.equal((await desk.ask({ duration: '8h' })).status, 201, 'the policy lets it be');
    const other = await desk.addDevice(desk.erin);
    assert.equal((await desk.ask({ duration: '8h', template: 'desk' }, other)).status, 201);
  });

  test('is said before it is asked for', async (t) => {
    const desk = await openDesk(t);
    await desk.granted({ duration: '8h' });
    desk.pass(8 * hour);
    const { body } = await desk.call<{ refusals: { code: string; details: { message: string }[] }[] }>(
      'POST',
      '/v1/exceptions/preview',
      { as: desk.laptop, body: { rules: ['base/firewall'], duration: '8h' } },
    );
    assert.deepEqual(
      body.refusals.map(({ code, details }) => [code, details[0]?.message]),
      [['exception_too_long', 'may be at most 4 hours']],
    );
  });

  test('counts what is granted for later, and what is had at once only once', async (t) => {
    const desk = await openDesk(t);
    const tomorrow = { startsAt: toTimestamp(desk.clock.at + day) };
    const scheduled = async (where: string) =>
      (await desk.act(desk.bob, 'approve', await desk.asked({ duration: '8h', resources: [where], ...tomorrow }))).body;
    assert.equal((await scheduled(wiki)).state, 'scheduled');
    assert.equal((await desk.ask({ duration: '8h', resources: [payroll] })).code, 'exception_too_long');
    const both = await scheduled(payroll);
    assert.equal(both.state, 'scheduled');
    desk.pass(day + hour);
    assert.equal((await desk.extend(both, '8h')).status, 201);
    assert.equal((await desk.extend(both, '12h')).code, 'exception_too_long');
  });
});
