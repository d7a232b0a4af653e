import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '@postern/shared/protocol/errors';
import { minute, toTimestamp } from '@postern/shared/time';
import { decisionSubject } from './index.ts';
import { openStepUpDesk, type StepUpDesk, subjectAbout } from './testing/step-up-desk.ts';

async function refusal(proving: Promise<unknown>): Promise<Fault> {
  try {
    await proving;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  return assert.fail('it was not refused');
}

describe('what is demanded', () => {
  test('nothing is proved by nobody', async (t) => {
    const desk = await openStepUpDesk(t);
    const { authn, unit } = await desk.prove({ id: 'nobody', authenticatedAt: null }, 'none', 'x');
    assert.deepEqual([authn, unit], [null, { changes: [], audit: [] }]);
  });

  test('a sign-in of the last five minutes does where that is demanded, and nowhere else', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const { authn } = await desk.prove(erin, 'recent', 'x');
    assert.deepEqual(authn, { level: 'recent', credential: null, at: toTimestamp(erin.authenticatedAt) });
    assert.equal(await desk.outcome(erin, 'second-factor', 'x'), 'second_factor_missing');
    assert.equal(await desk.outcome({ ...erin, authenticatedAt: null }, 'recent', 'x'), 'second_factor_missing');
    desk.pass(5 * minute + 1);
    const { code, members } = await refusal(desk.prove(erin, 'recent', 'x'));
    assert.deepEqual([code, members], ['step_up_required', { step_up: ['sign-in'], level: 'recent', max_age: 300 }]);
  });

  test('the refusal names what would do: of what the person has, and of what the level takes', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const secret = await desk.withApp(erin);
    assert.equal(await desk.outcome(erin, 'passkey', 'x'), 'second_factor_missing', 'a code is no passkey');
    const asked = { purpose: 'manage', about: { action: 'add-passkey' } };
    assert.equal((await desk.call('POST', '/v1/me/step-ups', erin, asked)).code, 'second_factor_missing');
    await desk.begin(erin, { kind: 'code', code: desk.codeOf(secret) });
    const bob = await desk.add('Bob');
    await desk.withPasskey(bob);
    const { members } = await refusal(desk.prove(bob, 'second-factor', 'x'));
    assert.deepEqual(members, { step_up: ['passkey'], level: 'second-factor' });
    const wrongKind = await refusal(desk.prove(bob, 'passkey', 'x', { kind: 'code', code: '000000' }));
    assert.deepEqual([wrongKind.code, wrongKind.members['step_up']], ['step_up_required', ['passkey']]);
    const device = { ...erin, authenticatedAt: null };
    const spoken = await refusal(desk.prove(device, 'recent', 'x'));
    assert.deepEqual(spoken.members, { step_up: ['code'], level: 'recent' }, 'a device cannot sign in');
  });
});

describe('a passkey', () => {
  test('proves one thing once, and says so in the audit', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const device = await desk.withPasskey(erin, 1);
    const answer = device.answer(await desk.challenge(erin, 'x'));
    const { authn, unit } = await desk.prove(erin, 'passkey', 'x', answer);
    assert.deepEqual(authn, { level: 'passkey', credential: device.id, at: toTimestamp(desk.clock.at) });
    await desk.store.commit(unit);
    await assert.rejects(desk.store.commit(unit), { name: 'ConflictError' });
    assert.equal(await desk.outcome(erin, 'passkey', 'x', answer), 'step_up_invalid');
    const [entry] = await desk.audited('step-up.passed');
    assert.deepEqual(
      [entry?.actor.id, entry?.data],
      [
        erin.id,
        { by: 'passkey', passkey: device.id, level: 'passkey', purpose: 'manage', hash: subjectAbout('x').hash },
      ],
    );
    assert.equal((await desk.audited('step-up.refused')).at(-1)?.data['cause'], 'used');
  });

  test('does for every level, also for a person who speaks through their device', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const device = await desk.withPasskey(erin);
    for (const level of ['recent', 'second-factor', 'passkey'] as const)
      for (const who of [erin, { ...erin, authenticatedAt: null }])
        assert.equal(
          await desk.outcome(who, level, level, device.answer(await desk.challenge(erin, level))),
          'passed',
          level,
        );
  });

  for (const [what, wrong] of [
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['no verification of the person', { verified: false }],
    ['a frame of another site', { crossOrigin: true }],
    ['a challenge of its own', { challenge: Buffer.alloc(32).toString('base64url') }],
  ] as const)
    test(`nok: ${what}; and there is one try`, async (t) => {
      const desk = await openStepUpDesk(t);
      const erin = await desk.add('Erin');
      const device = await desk.withPasskey(erin);
      const challenge = await desk.challenge(erin, 'x');
      assert.equal(await desk.outcome(erin, 'passkey', 'x', device.answer(challenge, wrong)), 'step_up_invalid');
      assert.equal(await desk.outcome(erin, 'passkey', 'x', device.answer(challenge)), 'step_up_invalid');
      const causes = (await desk.audited('step-up.refused')).map(({ data }) => data['cause']);
      assert.deepEqual(causes, ['signature', 'used']);
    });

  test('nok: a challenge for another thing, another purpose or another person, or one that is too old', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, bob] = [await desk.add('Erin'), await desk.add('Bob')];
    const [ofErin, ofBob] = [await desk.withPasskey(erin), await desk.withPasskey(bob)];
    const tried = async (subject: Parameters<StepUpDesk['prove']>[2], forErin: boolean, later = 0) => {
      const challenge = await desk.challenge(forErin ? erin : bob, 'x');
      desk.pass(later);
      return await desk.outcome(erin, 'passkey', subject, (forErin ? ofErin : ofBob).answer(challenge));
    };
    assert.equal(await tried('y', true), 'step_up_invalid', 'another thing');
    assert.equal(await tried({ ...subjectAbout('x'), purpose: 'decide' }, true), 'step_up_invalid', 'another purpose');
    assert.equal(await tried('x', false), 'step_up_invalid', 'another person');
    assert.equal(await tried('x', true, 5 * minute), 'step_up_invalid', 'too old');
    const causes = (await desk.audited('step-up.refused')).map(({ data }) => data['cause']);
    assert.deepEqual(causes, ['other-subject', 'other-purpose', 'unknown-challenge', 'expired']);
    const mine = await desk.challenge(erin, 'x');
    assert.equal(await desk.outcome(erin, 'passkey', 'x', ofBob.answer(mine)), 'step_up_invalid', "Bob's key");
    const ofBobs = await desk.challenge(bob, 'x');
    assert.equal(await desk.outcome(bob, 'passkey', 'x', ofBob.answer(ofBobs)), 'passed', 'nobody else spent it');
  });

  test('nok: a user handle of somebody else', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const device = await desk.withPasskey(erin);
    const answer = device.answer(await desk.challenge(erin, 'x'));
    const response = { ...answer.assertion.response, userHandle: Buffer.from('usr_other').toString('base64url') };
    const forged = { ...answer, assertion: { ...answer.assertion, response } };
    assert.equal(await desk.outcome(erin, 'passkey', 'x', forged), 'step_up_invalid');
  });

  test('nok: a counter that stands still or goes back says that the key is in two places', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const device = await desk.withPasskey(erin, 10);
    assert.equal(await desk.outcome(erin, 'passkey', 'a', device.answer(await desk.challenge(erin, 'a'))), 'passed');
    for (const counter of [10, 5]) {
      device.counter = counter;
      const answer = device.answer(await desk.challenge(erin, 'b'));
      assert.equal(await desk.outcome(erin, 'passkey', 'b', answer), 'step_up_invalid');
      assert.equal((await desk.audited('step-up.refused')).at(-1)?.data['cause'], 'counter');
    }
    device.counter = 0;
    const answer = device.answer(await desk.challenge(erin, 'c'));
    assert.equal(await desk.outcome(erin, 'passkey', 'c', answer), 'step_up_invalid', 'a counter does not vanish');
    device.counter = 20;
    assert.equal(await desk.outcome(erin, 'passkey', 'd', device.answer(await desk.challenge(erin, 'd'))), 'passed');
  });

  test('nok: one that was removed between the check and the writing', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, ada] = [await desk.add('Erin'), await desk.add('Ada', ['admin'])];
    const device = await desk.withPasskey(erin);
    const { unit } = await desk.prove(erin, 'passkey', 'x', device.answer(await desk.challenge(erin, 'x')));
    await desk.call('DELETE', `/v1/admin/users/${erin.id}/second-factors`, ada);
    await assert.rejects(desk.store.commit(unit), { name: 'ConflictError' });
  });

  test('leaves no more than twenty refusals in ten minutes', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const device = await desk.withPasskey(erin);
    for (let index = 0; index < 25; index += 1) {
      const answer = device.answer(await desk.challenge(erin, 'x'), { verified: false });
      assert.equal(await desk.outcome(erin, 'passkey', 'x', answer), 'step_up_invalid');
    }
    assert.equal((await desk.audited('step-up.refused')).length, 20);
    desk.pass(10 * minute);
    await desk.outcome(erin, 'passkey', 'x', device.answer(await desk.challenge(erin, 'x'), { verified: false }));
    assert.equal((await desk.audited('step-up.refused')).length, 21);
  });
});

describe('a challenge for a decision', () => {
  const decision = { exception: `exc_${'1'.repeat(32)}`, requestHash: 'h'.repeat(43) };

  test('is bound to the request as it is, and to how it is narrowed', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const device = await desk.withPasskey(erin);
    const narrowed = { ...decision, durationMs: 60 * minute, rules: ['baseline/a', 'baseline/b'] };
    const ask = async () => {
      const about = { ...decision, duration: '1h', rules: ['baseline/b', 'baseline/a', 'baseline/a'] };
      const given = await desk.call<Parameters<typeof device.answer>[0]>('POST', '/v1/me/step-ups', erin, {
        purpose: 'decide',
        about,
      });
      return device.answer(given.body);
    };
    const tried = async (given: Parameters<typeof decisionSubject>[0]) =>
      desk.outcome(erin, 'passkey', { purpose: 'decide', hash: decisionSubject(given) }, await ask());
    assert.equal(await tried(narrowed), 'passed');
    assert.equal(await tried({ ...narrowed, durationMs: 61 * minute }), 'step_up_invalid');
    assert.equal(await tried({ ...narrowed, requestHash: 'i'.repeat(43) }), 'step_up_invalid');
    assert.equal(await tried({ ...narrowed, rules: ['baseline/a'] }), 'step_up_invalid');
    assert.equal(await tried({ ...narrowed, resources: ['https://a.example'] }), 'step_up_invalid');
    assert.equal(await tried(decision), 'step_up_invalid');
  });
});
