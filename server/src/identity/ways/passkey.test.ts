import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PasskeySignInOptions } from '@postern/shared/protocol/sign-in';
import { minute } from '@postern/shared/time';
import { userHandleOf } from '../../step-up/relying-party.ts';
import { SoftwareAuthenticator } from '../../step-up/testing/authenticator.ts';
import { openStepUpDesk } from '../../step-up/testing/step-up-desk.ts';
import { issuer, openIdentity } from '../testing/open-identity.ts';
import { Tab } from '../testing/tab.ts';

/** Bob with a passkey, and a browser of his. */
async function scene(t: Parameters<typeof openIdentity>[0]) {
  const identity = await openIdentity(t);
  const desk = await openStepUpDesk(t, identity.store);
  const bob = await desk.add('Bob', ['approver']);
  const passkey = await desk.withPasskey(bob);
  const begin = async (tab: Tab) =>
    (await tab.post<PasskeySignInOptions>('/v1/sign-in/passkey/options', {})).body.options.challenge;
  const answer = (challenge: string, authenticator = passkey, userHandle = userHandleOf(bob.id)) => {
    const assertion = authenticator.assert({ challenge });
    return { assertion: { ...assertion, response: { ...assertion.response, userHandle } } };
  };
  const finish = (tab: Tab, body: object) => tab.post('/v1/sign-in/passkey', body);
  return { identity, bob, passkey, begin, answer, finish };
}

describe('a passkey', () => {
  test('signs its person in without being asked who they are', async (t) => {
    const { identity, bob, begin, answer, finish } = await scene(t);
    const tab = new Tab(identity);
    const { status, body } = await finish(tab, answer(await begin(tab)));
    assert.deepEqual([status, body['state']], [200, 'signed-in']);
    assert.equal(await tab.whoIs(), 'Bob');
    const [entry] = await identity.audited('person.signed-in');
    assert.deepEqual([entry?.subject.id, entry?.data['by']], [bob.id, 'passkey']);
    const caller = await identity.callerWith({ cookie: tab.cookie });
    assert.equal(caller.authenticatedAt, identity.clock.at);
  });

  test('answers once, in the browser that asked, within ten minutes', async (t) => {
    const { identity, begin, answer, finish } = await scene(t);
    const tab = new Tab(identity);
    const good = answer(await begin(tab));
    assert.equal((await finish(new Tab(identity), good)).code, 'sign_in_lost', 'another browser');
    assert.equal((await finish(tab, good)).status, 200);
    assert.equal((await finish(tab, good)).code, 'sign_in_lost', 'twice');
    const late = new Tab(identity);
    const challenge = await begin(late);
    identity.pass(10 * minute);
    assert.equal((await finish(late, answer(challenge))).code, 'sign_in_lost');
    const both = new Tab(identity);
    const body = answer(await begin(both));
    const answers = await Promise.all([finish(both, body), finish(both, body)]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['done', 'sign_in_lost']);
  });

  test('nok: for another challenge, unknown, of another site, without the person, of somebody else, or removed', async (t) => {
    const { identity, bob, passkey, begin, answer, finish } = await scene(t);
    const handle = { userHandle: userHandleOf(bob.id) };
    const wrongs: ((challenge: string) => object)[] = [
      () => answer('x'.repeat(43)),
      (challenge) => answer(challenge, new SoftwareAuthenticator({ origin: issuer })),
      (challenge) => ({ assertion: with_(passkey.assert({ challenge, origin: 'https://evil.example' }), handle) }),
      (challenge) => ({ assertion: with_(passkey.assert({ challenge, rpId: 'evil.example' }), handle) }),
      (challenge) => ({ assertion: with_(passkey.assert({ challenge, verified: false }), handle) }),
      (challenge) => ({ assertion: with_(passkey.assert({ challenge, crossOrigin: true }), handle) }),
      (challenge) => answer(challenge, passkey, userHandleOf(identity.ada.id)),
    ];
    for (const [index, wrong] of wrongs.entries()) {
      const tab = new Tab(identity);
      const challenge = await begin(tab);
      assert.equal((await finish(tab, wrong(challenge))).code, 'sign_in_refused', String(index));
      assert.equal((await finish(tab, answer(challenge))).code, 'sign_in_lost', 'one try for each challenge');
      assert.equal(await tab.whoIs(), 'not_signed_in');
    }
    await identity.call('PATCH', `/v1/admin/users/${bob.id}`, { as: identity.ada, body: { active: false } });
    const tab = new Tab(identity);
    assert.equal((await finish(tab, answer(await begin(tab)))).code, 'sign_in_refused', 'who was sent away');
    assert.ok((await identity.audited('person.sign-in-refused')).every(({ subject }) => subject.id === bob.id));
  });
});

function with_(assertion: ReturnType<SoftwareAuthenticator['assert']>, more: object): object {
  return { ...assertion, response: { ...assertion.response, ...more } };
}
