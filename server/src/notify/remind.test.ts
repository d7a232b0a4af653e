import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { day, hour, minute, second } from '@postern/shared/time';
import { weekOf } from './digest-times.ts';
import { sendDigests } from './digests.ts';
import { dueReminder, remindOfEnds } from './remind.ts';
import { openNotifier } from './testing/notifier.ts';

const due = (durationMs: number, leftMs: number, remindedMs: number | null = null) =>
  dueReminder({ beginsAt: 0, expiresAt: durationMs, remindedMs }, durationMs - leftMs);

describe('a reminder before the end', () => {
  test('comes at a day, an hour and ten minutes, whichever are less than half of it all', () => {
    assert.equal(due(7 * day, day + 1), undefined);
    assert.equal(due(7 * day, day), day);
    assert.equal(due(7 * day, hour, day), hour);
    assert.equal(due(7 * day, 10 * minute, hour), 10 * minute);
    assert.equal(due(2 * day, day), undefined, 'half is not less than half');
    assert.equal(due(2 * hour, hour), undefined);
    assert.equal(due(2 * hour, 10 * minute), 10 * minute);
    assert.equal(due(15 * minute, minute), undefined);
  });

  test('comes once, and after a jump of the clock only the latest', () => {
    assert.equal(due(7 * day, hour + 1, day), undefined);
    assert.equal(due(7 * day, 5 * minute), 10 * minute);
    assert.equal(due(7 * day, 20 * hour, 10 * minute), undefined, 'a clock that went back says nothing again');
    assert.equal(due(7 * day, 0), undefined);
    assert.equal(dueReminder({ beginsAt: 5, expiresAt: 10 * hour, remindedMs: null }, 4), undefined);
  });

  test('is told to the person once, whatever node comes first', async (t) => {
    const { desk, deps, follow, typesFor, notices, erin } = await openNotifier(t);
    await desk.granted({ duration: '4h' });
    await follow();
    const remind = async () => {
      await Promise.all([1, 2, 3].map(() => remindOfEnds(deps, desk.clock.at)));
      await follow();
      return (await typesFor(erin.id)).filter((type) => type === 'exception.expiring').length;
    };
    assert.equal(await remind(), 0);
    desk.pass(3 * hour - 1);
    assert.equal(await remind(), 0);
    desk.pass(1);
    assert.equal(await remind(), 1);
    desk.pass(second);
    assert.equal(await remind(), 1);
    desk.pass(50 * minute);
    assert.equal(await remind(), 2);
    const titles = (await notices()).map(({ body }) => (JSON.parse(body) as { title: string }).title);
    assert.ok(titles.includes("Erin's exception ends in 1 hour"), titles.join());
    desk.pass(hour);
    assert.equal(await remind(), 2);
  });

  test('is not told of what was ended before', async (t) => {
    const { desk, deps, follow, typesFor, erin } = await openNotifier(t);
    const exception = await desk.granted({ duration: '4h' });
    await desk.own('relinquish', exception);
    desk.pass(3 * hour);
    await remindOfEnds(deps, desk.clock.at);
    await follow();
    assert.ok(!(await typesFor(erin.id)).includes('exception.expiring'));
  });
});

describe('a digest', () => {
  test('tells approvers once a day what waits for them, oldest first, and who has nothing hears nothing', async (t) => {
    const { desk, deps, notices, prefer, bob, eve, ada, erin } = await openNotifier(t);
    await sendDigests(deps, desk.clock.at);
    await desk.asked();
    desk.pass(minute);
    await desk.asked({}, await desk.addDevice(eve));
    await prefer(ada.id, { digest: false });
    desk.pass(22 * hour + 30 * minute);
    await Promise.all([1, 2, 3].map(() => sendDigests(deps, desk.clock.at)));
    await sendDigests(deps, desk.clock.at);
    const daily = (await notices()).filter(({ type }) => type === 'digest.daily');
    const of = (id: string) =>
      daily.filter(({ person_id }) => person_id === id).map(({ body }) => JSON.parse(body) as Facts);
    assert.deepEqual(
      of(bob.id).map(({ title, facts }) => [title, facts.map(({ label }) => label)]),
      [['2 requests wait for you', ['Erin', 'Eve']]],
    );
    assert.deepEqual(
      of(eve.id).map(({ facts }) => facts.map(({ label }) => label)),
      [['Erin']],
    );
    assert.deepEqual([of(ada.id), of(erin.id)], [[], []]);
  });

  test('tells admins once a week the figures', async (t) => {
    const { desk, deps, notices, ada } = await openNotifier(t);
    await sendDigests(deps, desk.clock.at);
    await desk.granted();
    desk.pass(7 * day);
    await Promise.all([1, 2].map(() => sendDigests(deps, desk.clock.at)));
    const weekly = (await notices()).filter(({ type }) => type === 'digest.weekly');
    assert.deepEqual(
      weekly.map(({ person_id }) => person_id),
      [ada.id],
    );
    assert.match(weekly[0]?.body ?? '', /"label":"Granted in the last 7 days","value":"\d"/);
  });

  test('belongs to a week that begins on Monday at seven', () => {
    const monday = Date.parse('2026-11-23T07:00:00Z');
    assert.equal(weekOf(monday) - weekOf(monday - 1), 1);
    assert.equal(weekOf(monday + 7 * day - 1), weekOf(monday));
  });
});

interface Facts {
  title: string;
  facts: { label: string }[];
}
