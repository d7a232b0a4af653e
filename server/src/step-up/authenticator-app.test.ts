import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NewAuthenticatorApp } from '@postern/shared/protocol/me';
import { minute, second, toTimestamp } from '@postern/shared/time';
import { updateOne } from '../storage/change.ts';
import { SoftwareAuthenticator } from './testing/authenticator.ts';
import { issuer, openStepUpDesk, type StepUpDesk } from './testing/step-up-desk.ts';

const code = (digits: string) => ({ kind: 'code', code: digits }) as const;

/** Six digits that are not those of now. */
function wrongFor(desk: StepUpDesk, secret: string): string {
  const good = new Set([-30, 0, 30].map((seconds) => desk.codeOf(secret, desk.clock.at + seconds * second)));
  return ['000000', '111111', '222222', '333333'].find((each) => !good.has(each)) ?? assert.fail();
}

describe('adding an authenticator app', () => {
  test('shows the secret once, and takes it into use with a code of it', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const { status, body } = await desk.call<NewAuthenticatorApp>('POST', '/v1/me/authenticator-app', erin, {});
    assert.equal(status, 201);
    assert.match(body.uri, /^otpauth:\/\/totp\/Postern:erin%40example\.org\?secret=/);
    assert.equal(
      await desk.outcome(erin, 'second-factor', 'x', code(desk.codeOf(body.secret))),
      'second_factor_missing',
    );
    const confirm = { code: desk.codeOf(body.secret) };
    assert.equal((await desk.call('POST', '/v1/me/authenticator-app/confirm', erin, confirm)).status, 204);
    assert.equal(await desk.outcome(erin, 'second-factor', 'x', code(confirm.code)), 'step_up_invalid', 'it was used');
    const rows = [
      await desk.store.read.selectFrom('authenticator_apps').selectAll().execute(),
      await desk.store.read.selectFrom('audit').selectAll().execute(),
      await desk.store.read.selectFrom('audit_texts').selectAll().execute(),
    ];
    assert.ok(!JSON.stringify(rows).includes(body.secret), 'it is sealed, and not in the audit');
    assert.equal((await desk.audited('authenticator-app.added')).length, 1);
  });

  test('nok: with an old sign-in, when there is one, with a wrong code, or too late', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, bob] = [await desk.add('Erin'), await desk.add('Bob')];
    const begin = (as: typeof erin) => desk.call<NewAuthenticatorApp>('POST', '/v1/me/authenticator-app', as, {});
    const confirm = (as: typeof erin, digits: string) =>
      desk.call('POST', '/v1/me/authenticator-app/confirm', as, { code: digits });
    assert.equal((await confirm(erin, '123456')).code, 'not_found');
    const { secret } = (await begin(erin)).body;
    assert.equal((await confirm(bob, desk.codeOf(secret))).code, 'not_found', "Erin's");
    for (const wrong of ['12345', '1234567', 'abcdef', ' 12345', '１２３４５６'])
      assert.equal((await confirm(erin, wrong)).code, 'malformed_request', wrong);
    assert.equal((await confirm(erin, wrongFor(desk, secret))).code, 'step_up_invalid');
    desk.pass(15 * minute + 1);
    assert.equal((await confirm(erin, desk.codeOf(secret))).code, 'not_found');
    assert.equal((await begin(erin)).code, 'step_up_required');
    const fresh = { ...bob, authenticatedAt: desk.clock.at };
    const kept = await desk.withApp(fresh);
    assert.equal((await begin(fresh)).code, 'second_factor_taken');
    assert.equal((await confirm(fresh, desk.codeOf(kept))).code, 'second_factor_taken');
  });

  test('nok: to begin again is no way out of a lock', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const begin = async () =>
      (await desk.call<NewAuthenticatorApp>('POST', '/v1/me/authenticator-app', erin, {})).body.secret;
    const confirm = (digits: string) => desk.call('POST', '/v1/me/authenticator-app/confirm', erin, { code: digits });
    const first = await begin();
    for (let index = 0; index < 4; index += 1) await confirm(wrongFor(desk, first));
    const again = await begin();
    assert.equal((await confirm(wrongFor(desk, again))).code, 'step_up_locked');
    assert.equal((await confirm(desk.codeOf(await begin()))).code, 'step_up_locked');
  });

  test('takes a passkey where there is one', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const device = await desk.withPasskey(erin);
    assert.equal((await desk.call('POST', '/v1/me/authenticator-app', erin, {})).code, 'step_up_required');
    const asked = { purpose: 'manage', about: { action: 'add-authenticator-app' } };
    const { body } = await desk.call<Parameters<typeof device.answer>[0]>('POST', '/v1/me/step-ups', erin, asked);
    const stepUp = device.answer(body);
    assert.equal((await desk.call('POST', '/v1/me/authenticator-app', erin, { stepUp })).status, 201);
  });
});

describe('a code of the app', () => {
  test('proves a person once, where a code will do', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const secret = await desk.withApp(erin);
    const given = code(desk.codeOf(secret));
    const { authn, unit } = await desk.prove({ ...erin, authenticatedAt: null }, 'second-factor', 'x', given);
    assert.deepEqual(authn, { level: 'second-factor', credential: null, at: toTimestamp(desk.clock.at) });
    await desk.store.commit(unit);
    await assert.rejects(desk.store.commit(unit), { name: 'ConflictError' });
    assert.equal(await desk.outcome(erin, 'second-factor', 'y', given), 'step_up_invalid');
    desk.pass(30 * second);
    assert.equal(await desk.outcome(erin, 'recent', 'y', code(desk.codeOf(secret))), 'passed');
    assert.deepEqual(
      (await desk.audited('step-up.passed')).map(({ data }) => [data['by'], data['level']]),
      [
        ['code', 'second-factor'],
        ['code', 'recent'],
      ],
    );
  });

  test('is worth nothing to somebody else', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, bob] = [await desk.add('Erin'), await desk.add('Bob')];
    const secret = await desk.withApp(erin);
    await desk.withApp(bob);
    assert.equal(await desk.outcome(bob, 'second-factor', 'x', code(desk.codeOf(secret))), 'step_up_invalid');
  });

  test('locks after five wrong ones, and passkeys go on', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const secret = await desk.withApp(erin);
    const { id, options } = await desk.begin(erin, code(desk.codeOf(secret)));
    const device = new SoftwareAuthenticator({ origin: issuer });
    await desk.finish(erin, id, device.register({ challenge: options.challenge }));
    desk.pass(30 * second);
    for (let index = 0; index < 4; index += 1)
      assert.equal(await desk.outcome(erin, 'second-factor', 'x', code(wrongFor(desk, secret))), 'step_up_invalid');
    assert.equal(await desk.outcome(erin, 'second-factor', 'x', code(wrongFor(desk, secret))), 'step_up_locked');
    assert.equal(await desk.outcome(erin, 'second-factor', 'x', code(desk.codeOf(secret))), 'step_up_locked');
    assert.equal(await desk.outcome(erin, 'passkey', 'x', device.answer(await desk.challenge(erin, 'x'))), 'passed');
    assert.equal((await desk.audited('step-up.refused')).length, 5, 'what is locked out is not written down');
    desk.pass(15 * minute - 1);
    assert.equal(await desk.outcome(erin, 'second-factor', 'x', code(desk.codeOf(secret))), 'step_up_locked');
    desk.pass(1);
    assert.equal(await desk.outcome(erin, 'second-factor', 'x', code(desk.codeOf(secret))), 'passed');
    const [row] = await desk.store.read.selectFrom('authenticator_apps').selectAll().execute();
    assert.deepEqual([row?.failures, row?.locked_until], [0, 0]);
  });

  test('guesses at the same instant count one after the other', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const secret = await desk.withApp(erin);
    const wrong = code(wrongFor(desk, secret));
    const guesses = Array.from({ length: 30 }, () => desk.outcome(erin, 'second-factor', 'x', wrong));
    const answers = await Promise.all([
      ...guesses,
      desk.outcome(erin, 'second-factor', 'x', code(desk.codeOf(secret))),
    ]);
    assert.equal(answers.filter((answer) => answer === 'step_up_invalid').length, 4);
    assert.ok(!answers.includes('passed'), 'the right one among them came too late');
    const [row] = await desk.store.read.selectFrom('authenticator_apps').select('failures').execute();
    assert.equal(row?.failures, 5);
  });

  test('nok: a sealed secret that was put into the row of somebody else opens for nobody', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, bob] = [await desk.add('Erin'), await desk.add('Bob')];
    const secret = await desk.withApp(erin);
    await desk.withApp(bob);
    const row = await desk.store.read
      .selectFrom('authenticator_apps')
      .select('secret')
      .where('person_id', '=', erin.id)
      .executeTakeFirstOrThrow();
    const moved = updateOne('authenticator_apps', { person_id: bob.id }, { secret: row.secret });
    await desk.store.commit({ changes: [moved], audit: [] });
    await assert.rejects(desk.prove(bob, 'second-factor', 'x', code(desk.codeOf(secret))), /sealed for somebody else/);
  });
});

describe('removing the app', () => {
  test('takes a code of it, however fresh the sign-in; one that was never confirmed goes without', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const remove = (stepUp?: unknown) => desk.call('DELETE', '/v1/me/authenticator-app', erin, { stepUp });
    assert.equal((await remove()).code, 'not_found');
    await desk.call('POST', '/v1/me/authenticator-app', erin, {});
    assert.equal((await remove()).status, 204);
    const secret = await desk.withApp(erin);
    assert.equal((await remove()).code, 'step_up_required');
    assert.equal((await remove(code(wrongFor(desk, secret)))).code, 'step_up_invalid');
    assert.equal((await remove(code(desk.codeOf(secret)))).status, 204);
    assert.equal((await desk.audited('authenticator-app.removed')).length, 1);
    assert.equal((await remove()).code, 'not_found');
  });
});

describe('who I am', () => {
  test('says roles, groups, manager, factors and preferences, and no secret', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, max] = [await desk.add('Erin', ['employee', 'approver']), await desk.add('Max')];
    const set = updateOne(
      'users',
      { id: erin.id },
      { manager_id: max.id, groups: '["oncall"]', notify: '{"email":false}' },
    );
    await desk.store.commit({ changes: [set], audit: [] });
    await desk.withApp(erin);
    const { body } = await desk.call('GET', '/v1/me', erin);
    assert.deepEqual(body, {
      id: erin.id,
      name: 'Erin',
      email: 'erin@example.org',
      roles: ['employee', 'approver'],
      groups: ['oncall'],
      manager: { id: max.id, name: 'Max' },
      authenticatedAt: toTimestamp(erin.authenticatedAt),
      factors: { passkeys: 0, authenticatorApp: true },
      notify: { email: false },
    });
    assert.equal((await desk.call('GET', '/v1/me', max)).body['manager'], null);
  });
});
