import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minute, second } from '@postern/shared/time';
import { SoftwareAuthenticator } from './testing/authenticator.ts';
import { issuer, openStepUpDesk } from './testing/step-up-desk.ts';

interface Listed {
  items: { id: string; label: string }[];
}

describe('adding a passkey', () => {
  test('asks the browser for one of this console, verified, and lists it afterwards', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const { id, options } = await desk.begin(erin);
    assert.deepEqual((options as Record<string, unknown>)['rp'], { name: 'Postern', id: 'postern.test' });
    assert.match(JSON.stringify(options), /"userVerification":"required"/);
    const device = new SoftwareAuthenticator({ origin: issuer });
    const { status, body } = await desk.finish(erin, id, device.register({ challenge: options.challenge }), 'Laptop');
    assert.deepEqual([status, body.id], [201, device.id]);
    const { items } = (await desk.call<Listed>('GET', '/v1/me/passkeys', erin)).body;
    assert.deepEqual(
      items.map((item) => [item.id, item.label]),
      [[device.id, 'Laptop']],
    );
    assert.equal((await desk.audited('passkey.added')).length, 1);
    assert.deepEqual((await desk.call<Listed>('GET', '/v1/me/passkeys', await desk.add('Bob'))).body.items, []);
  });

  test('needs a sign-in of the last five minutes', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    desk.pass(5 * minute + 1);
    const { code, body } = await desk.call('POST', '/v1/me/passkeys/options', erin, {});
    assert.deepEqual([code, body['step_up'], body['max_age']], ['step_up_required', ['sign-in'], 300]);
  });

  test('needs a factor that is there already, and never only a sign-in', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const first = await desk.withPasskey(erin);
    const { code, body } = await desk.call('POST', '/v1/me/passkeys/options', erin, {});
    assert.deepEqual([code, body['step_up']], ['step_up_required', ['passkey']]);
    const asked = { purpose: 'manage', about: { action: 'add-passkey' } };
    const given = await desk.call<Parameters<typeof first.answer>[0]>('POST', '/v1/me/step-ups', erin, asked);
    const { id, options } = await desk.begin(erin, first.answer(given.body));
    assert.match(JSON.stringify(options), new RegExp(`"excludeCredentials":\\[\\{"id":"${first.id}"`));
    const second = new SoftwareAuthenticator({ origin: issuer });
    assert.equal((await desk.finish(erin, id, second.register({ challenge: options.challenge }))).status, 201);
  });

  test('nok: with a code where there is a passkey: all of them would be worth no more than a code', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const secret = await desk.withApp(erin);
    const begin = async () => {
      desk.pass(30 * second);
      const stepUp = { kind: 'code', code: desk.codeOf(secret) };
      return await desk.call<{ id: string; options: { challenge: string } }>('POST', '/v1/me/passkeys/options', erin, {
        stepUp,
      });
    };
    const { id, options } = (await begin()).body;
    const device = new SoftwareAuthenticator({ origin: issuer });
    assert.equal(
      (await desk.finish(erin, id, device.register({ challenge: options.challenge }))).status,
      201,
      'the first',
    );
    const { code, body } = await begin();
    assert.deepEqual(
      [code, (body as unknown as Record<string, unknown>)['step_up']],
      ['step_up_required', ['passkey']],
    );
    const stepUp = { kind: 'code', code: desk.codeOf(secret) };
    assert.equal(
      (await desk.call('DELETE', `/v1/me/passkeys/${device.id}`, erin, { stepUp })).code,
      'step_up_required',
    );
    const bob = await desk.add('Bob');
    const admin = { ...erin, roles: ['admin'] as const };
    const path = `/v1/admin/users/${bob.id}/second-factors`;
    assert.equal((await desk.call('DELETE', path, admin, { stepUp })).code, 'step_up_required');
  });

  test('nok: begun before there was a factor, and finished after', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const stolen = await desk.begin(erin);
    const app = await desk.call<{ secret: string }>('POST', '/v1/me/authenticator-app', erin, {});
    await desk.withPasskey(erin);
    const device = new SoftwareAuthenticator({ origin: issuer });
    const late = await desk.finish(erin, stolen.id, device.register({ challenge: stolen.options.challenge }));
    assert.equal(late.code, 'step_up_invalid');
    const code = desk.codeOf(app.body.secret);
    assert.equal((await desk.call('POST', '/v1/me/authenticator-app/confirm', erin, { code })).code, 'not_found');
  });

  for (const [what, wrong] of [
    ['another origin', { origin: 'https://postern.test.evil.example' }],
    ['another port', { origin: `${issuer}:8443` }],
    ['another relying party', { rpId: 'evil.example' }],
    ['no verification of the person', { verified: false }],
    ['a frame of another site', { crossOrigin: true }],
    ['another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
  ] as const)
    test(`nok: ${what}`, async (t) => {
      const desk = await openStepUpDesk(t);
      const erin = await desk.add('Erin');
      const { id, options } = await desk.begin(erin);
      const device = new SoftwareAuthenticator({ origin: issuer });
      const attestation = device.register({ challenge: options.challenge, ...wrong });
      assert.equal((await desk.finish(erin, id, attestation)).code, 'step_up_invalid');
      const right = device.register({ challenge: options.challenge });
      assert.equal((await desk.finish(erin, id, right)).code, 'step_up_invalid', 'there is one try');
      assert.equal((await desk.audited('step-up.refused')).length, 2);
      assert.deepEqual((await desk.call<Listed>('GET', '/v1/me/passkeys', erin)).body.items, []);
    });

  test('nok: too late, a second time, by somebody else, under a taken id, or what is no attestation', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, bob] = [await desk.add('Erin'), await desk.add('Bob')];
    const device = new SoftwareAuthenticator({ origin: issuer });
    const late = await desk.begin(erin);
    desk.pass(5 * minute);
    const attestation = device.register({ challenge: late.options.challenge });
    assert.equal((await desk.finish(erin, late.id, attestation)).code, 'step_up_invalid');
    const fresh = { ...erin, authenticatedAt: desk.clock.at };
    const begun = await desk.begin(fresh);
    const good = device.register({ challenge: begun.options.challenge });
    assert.equal((await desk.finish(bob, begun.id, good)).code, 'step_up_invalid', 'of somebody else');
    assert.equal((await desk.finish(fresh, begun.id, good)).status, 201);
    assert.equal((await desk.finish(fresh, begun.id, good)).code, 'step_up_invalid', 'again');
    const freshBob = { ...bob, authenticatedAt: desk.clock.at };
    const ofBob = await desk.begin(freshBob);
    const copied = device.register({ challenge: ofBob.options.challenge });
    assert.equal((await desk.finish(freshBob, ofBob.id, copied)).code, 'second_factor_taken');
    const junk = { ...copied, response: { ...copied.response, attestationObject: 'AAAA', clientDataJSON: 'e30' } };
    assert.equal((await desk.finish(freshBob, ofBob.id, junk)).code, 'step_up_invalid');
  });

  test('nok: an attestation with certificates, which name addresses that a server would ask', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    for (const fmt of ['packed', 'tpm', 'android-key', 'apple', 'fido-u2f']) {
      const { id, options } = await desk.begin(erin);
      const device = new SoftwareAuthenticator({ origin: issuer });
      const attStmt = new Map([['x5c', [new Uint8Array([1])]]]);
      const attestation = device.register({ challenge: options.challenge }, { fmt, attStmt });
      assert.equal((await desk.finish(erin, id, attestation)).code, 'step_up_invalid', fmt);
    }
  });

  test('nok: many at once', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    for (let index = 0; index < 20; index += 1) await desk.begin(erin);
    const { code, headers } = await desk.call('POST', '/v1/me/passkeys/options', erin, {});
    assert.deepEqual([code, headers['Retry-After']], ['too_many_requests', '300']);
    desk.pass(5 * minute);
    await desk.begin({ ...erin, authenticatedAt: desk.clock.at });
    const rows = await desk.store.read.selectFrom('step_ups').select('id').execute();
    assert.equal(rows.length, 1, 'old ones are forgotten');
  });
});

describe('removing a passkey', () => {
  test('takes a passkey, this one or another, however fresh the sign-in', async (t) => {
    const desk = await openStepUpDesk(t);
    const erin = await desk.add('Erin');
    const device = await desk.withPasskey(erin);
    const path = `/v1/me/passkeys/${device.id}`;
    assert.equal((await desk.call('DELETE', path, erin)).code, 'step_up_required');
    const asked = { purpose: 'manage', about: { action: 'remove-passkey', target: device.id } };
    const { body } = await desk.call<Parameters<typeof device.answer>[0]>('POST', '/v1/me/step-ups', erin, asked);
    assert.equal((await desk.call('DELETE', path, erin, { stepUp: device.answer(body) })).status, 204);
    assert.equal((await desk.call('DELETE', path, erin)).code, 'not_found');
    assert.deepEqual(
      (await desk.audited('passkey.removed')).map(({ data }) => data),
      [{ passkey: device.id }],
    );
    assert.equal(await desk.outcome(erin, 'second-factor', 'x'), 'second_factor_missing');
  });

  test('nok: of somebody else, or with a proof for another one', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, bob] = [await desk.add('Erin'), await desk.add('Bob')];
    const device = await desk.withPasskey(erin);
    assert.equal((await desk.call('DELETE', `/v1/me/passkeys/${device.id}`, bob)).code, 'not_found');
    const asked = { purpose: 'manage', about: { action: 'remove-passkey', target: 'another' } };
    const { body } = await desk.call<Parameters<typeof device.answer>[0]>('POST', '/v1/me/step-ups', erin, asked);
    const { code } = await desk.call('DELETE', `/v1/me/passkeys/${device.id}`, erin, { stepUp: device.answer(body) });
    assert.equal(code, 'step_up_invalid');
  });
});

describe('a reset by an admin', () => {
  test('takes every factor of somebody else, ends open challenges, and is recorded', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, ada] = [await desk.add('Erin'), await desk.add('Ada', ['admin'])];
    const device = await desk.withPasskey(erin);
    const challenge = await desk.challenge(erin, 'x');
    const { status, body } = await desk.call('DELETE', `/v1/admin/users/${erin.id}/second-factors`, ada);
    assert.deepEqual([status, body], [200, { passkeys: 1, authenticatorApp: false }]);
    assert.equal(await desk.outcome(erin, 'passkey', 'x', device.answer(challenge)), 'second_factor_missing');
    const [entry] = await desk.audited('passkey.removed');
    assert.deepEqual([entry?.actor.id, entry?.data['cause']], [ada.id, 'reset']);
  });

  test('takes a fresh proof of the admin, with a factor where they have one', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, ada] = [await desk.add('Erin'), await desk.add('Ada', ['admin'])];
    const path = `/v1/admin/users/${erin.id}/second-factors`;
    const secret = await desk.withApp(ada);
    assert.equal((await desk.call('DELETE', path, ada)).code, 'step_up_required');
    const stepUp = { kind: 'code', code: desk.codeOf(secret) };
    assert.equal((await desk.call('DELETE', path, ada, { stepUp })).status, 200);
    assert.equal((await desk.call('DELETE', path, ada, { stepUp })).code, 'step_up_invalid', 'the code was used');
    const zoe = await desk.add('Zoe', ['admin']);
    desk.pass(5 * minute + second);
    assert.equal((await desk.call('DELETE', path, zoe)).code, 'step_up_required');
  });

  test('nok: of oneself, of nobody, or by somebody who is no admin', async (t) => {
    const desk = await openStepUpDesk(t);
    const [erin, ada] = [await desk.add('Erin', ['employee', 'approver', 'auditor']), await desk.add('Ada', ['admin'])];
    const reset = (id: string, as: typeof ada) => desk.call('DELETE', `/v1/admin/users/${id}/second-factors`, as);
    assert.equal((await reset(ada.id, ada)).code, 'not_allowed');
    assert.equal((await reset(`usr_${'0'.repeat(32)}`, ada)).code, 'not_found');
    assert.equal((await reset(ada.id, erin)).code, 'not_allowed');
  });
});
