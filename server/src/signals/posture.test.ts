import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { hour, minute } from '@postern/shared/time';
import { posture } from '../exceptions/testing/policy.ts';
import { updateAny } from '../storage/change.ts';
import { beginToSignal } from './begin.ts';
import { openSignalsDesk, type SignalsDesk } from './testing/signals-desk.ts';

const good = { firewall: true, disk: 'full', lock: true } as const;

describe('how a device stands is kept for lists, although no stream is told of it', () => {
  async function reports(desk: SignalsDesk, state: Parameters<typeof posture>[0]): Promise<void> {
    const device = { kind: 'device' as const, id: desk.laptop.id };
    await desk.report(desk.laptop, posture(state, desk.clock.at));
    await desk.store.commit({
      changes: [updateAny('evidence', { device_id: device.id }, { received_at: desk.clock.at })],
      audit: [],
    });
    await desk.record({ type: 'verdict.changed', actor: device, subject: device });
  }

  async function kept(desk: SignalsDesk): Promise<string | null | undefined> {
    await desk.follow();
    const row = await desk.store.read
      .selectFrom('device_trust')
      .select('posture')
      .where('device_id', '=', desk.laptop.id)
      .executeTakeFirst();
    return row?.posture;
  }

  async function opened(t: TestContext): Promise<SignalsDesk> {
    const desk = await openSignalsDesk(t);
    await desk.follow();
    return desk;
  }

  test('with each report, when time to fix is over, and when evidence is too old', async (t) => {
    const desk = await opened(t);
    await reports(desk, good);
    assert.equal(await kept(desk), 'compliant');
    await reports(desk, { ...good, lock: false });
    assert.equal(await kept(desk), 'grace');
    await reports(desk, { ...good, firewall: false });
    assert.equal(await kept(desk), 'non-compliant');
    desk.pass(hour);
    assert.equal(await kept(desk), 'stale');
  });

  test('also of a suspended device, which goes stale all the same', async (t) => {
    const desk = await opened(t);
    await reports(desk, good);
    await desk.actOn(desk.laptop, 'device.suspended');
    assert.equal(await kept(desk), 'compliant');
    desk.pass(hour);
    assert.equal(await kept(desk), 'stale');
    await desk.actOn(desk.laptop, 'device.resumed');
    desk.pass(minute);
    await reports(desk, good);
    assert.equal(await kept(desk), 'compliant');
  });

  test('also of a device whose person has left, and which reports all the same', async (t) => {
    const desk = await opened(t);
    await reports(desk, good);
    const { ownerId, id } = desk.laptop;
    await desk.change('users', ownerId, { active: 0 });
    await desk.record({ type: 'user.changed', subject: { kind: 'person', id: ownerId }, data: { active: false } });
    assert.equal(await kept(desk), 'compliant');
    desk.pass(hour);
    assert.equal(await kept(desk), 'stale');
    desk.pass(minute);
    // It reports what it did before, so that no entry says so.
    await desk.store.commit({
      changes: [updateAny('evidence', { device_id: id }, { received_at: desk.clock.at })],
      audit: [],
    });
    desk.signaller.hasReported(id);
    assert.equal(await kept(desk), 'compliant');
  });

  test('of devices that were there before it was kept, from the next start on', async (t) => {
    const desk = await opened(t);
    await reports(desk, good);
    await kept(desk);
    await desk.store.commit({
      changes: [updateAny('device_trust', { device_id: desk.laptop.id }, { posture: null })],
      audit: [],
    });
    assert.equal(await kept(desk), null);
    await beginToSignal({ store: desk.store });
    assert.equal(await kept(desk), 'compliant');
    assert.deepEqual(await desk.events(), [], 'it is no news');
  });
});
