import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { day, hour, toTimestamp } from '@postern/shared/time';
import { updateOne } from '../../storage/change.ts';
import { openAccessDesk } from '../access/testing/access-desk.ts';
import { endedByReview } from '../index.ts';
import { posture } from '../testing/policy.ts';

/** Erin is on call, and has a passkey. */
async function onCall(t: Pick<TestContext, 'after'>) {
  const desk = await openAccessDesk(t);
  await desk.setGroups(desk.erin, ['on-call']);
  const passkey = await desk.withPasskey(desk.erin);
  const use = (change: Record<string, unknown> = {}, device = desk.laptop) =>
    desk.emergency(desk.erin, passkey, change, device);
  const reviews = () => desk.store.read.selectFrom('reviews').selectAll().orderBy('opened_at').execute();
  const decideReview = async () => {
    const [last] = (await reviews()).toReversed();
    assert.ok(last);
    const set = { decided_at: desk.clock.at, decided_by: desk.bob.id, verdict: 'ratified' };
    await desk.store.commit({ changes: [updateOne('reviews', { id: last.id }, set)], audit: [] });
  };
  const rules = {
    rules: ['base/firewall'],
    duration: '1h',
    justification: 'A wage was paid twice',
    template: 'outage-device',
  };
  const waive = async (change: Record<string, unknown> = {}) => {
    const request = { ...rules, ...change };
    const stepUp = await desk.proofOf(desk.erin, passkey, { device: desk.laptop.id, request });
    return await desk.call('POST', '/v1/emergency', { as: desk.laptop, body: { ...request, stepUp } });
  };
  return { ...desk, passkey, use, waive, reviews, decideReview };
}

describe('emergency access', () => {
  test('is in force at once, for an hour at most, and says who was skipped', async (t) => {
    const desk = await onCall(t);
    const answer = await desk.use();
    assert.equal(answer.status, 201, answer.code);
    const { id, state, live, emergency, expiresAt, requestedAuthn, decisions } = answer.body;
    assert.deepEqual([state, live, emergency, decisions], ['active', true, true, []]);
    assert.equal(expiresAt, toTimestamp(desk.clock.at + hour));
    assert.equal(requestedAuthn?.level, 'passkey');
    const [requested, used] = await desk.entries(id);
    assert.deepEqual([requested?.type, used?.type], ['exception.requested', 'emergency.used']);
    assert.deepEqual(used?.data['skipped'], [desk.bob.id, desk.eve.id, desk.ada.id].toSorted());
    assert.equal(used.actor, desk.erin.id);
  });

  test('is due for review in a day from the same instant', async (t) => {
    const desk = await onCall(t);
    const { id } = (await desk.use()).body;
    const [review, ...others] = await desk.reviews();
    assert.equal(others.length, 0);
    assert.deepEqual(
      [review?.kind, review?.subject_id, review?.person_id, review?.due_at, review?.decided_at],
      ['emergency', id, desk.erin.id, desk.clock.at + day, null],
    );
  });

  test('waives rules on a broken machine, those that may be waived', async (t) => {
    const desk = await onCall(t);
    const answer = await desk.waive();
    assert.deepEqual([answer.body.kind, answer.body.state, answer.body.live], ['device', 'active', true]);
    assert.deepEqual(
      answer.body.observed.map(({ outcome }) => outcome),
      ['fail'],
    );
  });

  const bad: [string, Record<string, unknown>, ErrorCode][] = [
    ['for longer than an hour', { duration: '61m' }, 'exception_too_long'],
    ['from a rule from which nobody departs', { rules: ['base/clock'] }, 'exception_not_allowed'],
    ['from a rule that is not there', { rules: ['base/none'] }, 'exception_rule_unknown'],
    ['for a resource that no gateway protects', { resources: ['https://elsewhere.example'] }, 'resource_unknown'],
  ];
  for (const [name, change, code] of bad) {
    test(`nok: ${name}`, async (t) => {
      const desk = await onCall(t);
      assert.equal((await desk.waive(change)).code, code);
      assert.deepEqual(await desk.reviews(), []);
    });
  }

  test('nok: from what does not stand in the way', async (t) => {
    const desk = await onCall(t);
    await desk.report(desk.laptop, posture({ firewall: true }, desk.clock.at));
    assert.equal((await desk.waive()).code, 'exception_not_needed');
  });

  test('nok: under a template that is none for emergencies', async (t) => {
    const desk = await onCall(t);
    assert.equal((await desk.use({ template: 'for-a-while' })).code, 'template_not_for_you');
  });

  test('nok: for people whom the template does not name', async (t) => {
    const desk = await onCall(t);
    await desk.setGroups(desk.erin, ['staff']);
    assert.equal((await desk.use()).code, 'template_not_for_you');
    assert.deepEqual([await desk.reviews(), await desk.places()], [[], {}]);
  });

  test('nok: without a passkey, however fresh the sign-in', async (t) => {
    const desk = await onCall(t);
    const request = desk.emergencyWish;
    const as = { ...desk.erin, authenticatedAt: desk.clock.at };
    const body = { device: desk.laptop.id, request };
    assert.equal((await desk.call('POST', '/v1/me/emergency', { as, body })).code, 'step_up_required');
    const code = { kind: 'code', code: '123456' };
    const answer = await desk.call('POST', '/v1/emergency', { as: desk.laptop, body: { ...request, stepUp: code } });
    assert.equal(answer.code, 'step_up_required');
  });

  test('nok: with a proof that was given for something else', async (t) => {
    const desk = await onCall(t);
    const stepUp = await desk.proofOf(desk.erin, desk.passkey, {
      device: desk.laptop.id,
      access: { ...desk.emergencyWish, duration: '15m' },
    });
    const body = { ...desk.emergencyWish, stepUp };
    assert.equal((await desk.call('POST', '/v1/emergency', { as: desk.laptop, body })).code, 'step_up_invalid');
  });

  test('nok: on the device of somebody else', async (t) => {
    const desk = await onCall(t);
    const body = { device: desk.laptop.id, request: desk.emergencyWish };
    assert.equal((await desk.call('POST', '/v1/me/emergency', { as: desk.eve, body })).code, 'not_found');
  });
});

describe('a review that waits', () => {
  test('blocks the next emergency, on any device and of any kind, however long the first is over', async (t) => {
    const desk = await onCall(t);
    const first = (await desk.use()).body;
    const other = await desk.addDevice(desk.erin);
    desk.pass(3 * day);
    await desk.sweep();
    for (const answer of [await desk.use({}, other), await desk.waive()]) {
      assert.equal(answer.code, 'emergency_review_due');
      assert.equal((answer.body as unknown as { exception: string }).exception, first.id);
    }
  });

  test('blocks it no more once it is decided, and blocks nobody else', async (t) => {
    const desk = await onCall(t);
    await desk.use();
    await desk.setGroups(desk.eve, ['on-call']);
    const evesPasskey = await desk.withPasskey(desk.eve);
    const hers = await desk.emergency(desk.eve, evesPasskey, {}, await desk.addDevice(desk.eve));
    assert.equal(hers.status, 201, hers.code);
    desk.pass(hour);
    await desk.store.commit({
      changes: [
        updateOne(
          'reviews',
          {
            person_id: desk.erin.id,
            subject_id: (await desk.reviews()).find((each) => each.person_id === desk.erin.id)?.subject_id ?? '',
          },
          { decided_at: desk.clock.at },
        ),
      ],
      audit: [],
    });
    assert.equal((await desk.use()).status, 201);
    assert.equal((await desk.use()).code, 'emergency_review_due');
  });

  test('of two emergencies at the same instant only one is used', async (t) => {
    const desk = await onCall(t);
    const other = await desk.addDevice(desk.erin);
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all([desk.use(), desk.waive(), desk.use({}, other), desk.waive()]);
      assert.deepEqual(
        answers.filter(({ status }) => status === 201).length,
        1,
        answers.map(({ code }) => code).join(),
      );
      assert.equal((await desk.reviews()).filter(({ decided_at }) => decided_at === null).length, 1);
      await desk.decideReview();
      desk.pass(hour);
    }
  });
});

describe('a review that takes it back', () => {
  test('revokes what is left of it, with who decided', async (t) => {
    const desk = await onCall(t);
    const { id } = (await desk.use()).body;
    const ended = { exceptionId: id, by: desk.bob.id, reason: 'Nothing was down' };
    await desk.store.commit(await endedByReview(desk.store.read, ended, desk.clock.at));
    assert.deepEqual([(await desk.seen({ id })).state, await desk.places()], ['revoked', {}]);
    const last = (await desk.entries(id)).at(-1);
    assert.deepEqual([last?.type, last?.actor, last?.text], ['exception.revoked', desk.bob.id, 'Nothing was down']);
  });

  test('writes nothing new when it is over already', async (t) => {
    const desk = await onCall(t);
    const { id } = (await desk.use()).body;
    await desk.end(desk.erin, { id });
    const unit = await endedByReview(desk.store.read, { exceptionId: id, by: desk.bob.id }, desk.clock.at);
    assert.deepEqual(unit, { changes: [], audit: [] });
    const second = await endedByReview(desk.store.read, { exceptionId: `exc_${'0'.repeat(32)}`, by: desk.bob.id }, 0);
    assert.deepEqual(second, { changes: [], audit: [] });
  });
});
