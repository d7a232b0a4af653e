import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SoftwareAuthenticator } from '@postern/server/step-up/testing/authenticator';
import { minute } from '@postern/shared/time';
import { totp } from '../support/totp.ts';
import { Demand } from './scene.ts';

const careful = (level: string) => `
template: careful
kind: device
title: Careful
description: With a second look.
impact: The rule is not enforced.
durations: [1h]
max_duration: 8h
step_up: { approval: ${level} }
`;
const wish = { template: 'careful', duration: '1h' };

type Person = 'bob' | 'eve' | 'erin';

/** Adds a passkey as the console does: options, and the answer of an authenticator. */
async function withPasskey({ people, backend }: Demand, by: Person): Promise<SoftwareAuthenticator> {
  const key = new SoftwareAuthenticator({ origin: backend.url });
  const { status, body } = await people[by].post('/v1/me/passkeys/options', {});
  assert.equal(status, 201, JSON.stringify(body));
  const { challenge } = body['options'] as { challenge: string };
  const added = await people[by].post('/v1/me/passkeys', {
    stepUp: body['id'],
    label: 'Key',
    attestation: key.register({ challenge }),
  });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  return key;
}

/** A challenge for an approval as the approver sees the request now. */
async function challengeFor(demand: Demand, by: Person, id: string, more: object = {}) {
  const { requestHash } = await demand.seen(id);
  const about = { exception: id, requestHash, ...more };
  const { status, body } = await demand.people[by].post('/v1/me/step-ups', { purpose: 'decide', about });
  assert.equal(status, 201, JSON.stringify(body));
  return body as unknown as Parameters<SoftwareAuthenticator['answer']>[0];
}

async function proofFor(demand: Demand, by: Person, key: SoftwareAuthenticator, id: string, more: object = {}) {
  return key.answer(await challengeFor(demand, by, id, more));
}

describe('a second factor', () => {
  test('demand 40: where a template demands it, nobody approves without a code, and each code counts once', async (t) => {
    const demand = await Demand.open(t);
    await demand.publishTemplate(careful('second-factor'));
    const { people, backend } = demand;
    const id = await demand.asked(wish);
    assert.equal((await demand.act('bob', id, 'approve')).body['error_code'], 'second_factor_missing');
    const app = await people.bob.post('/v1/me/authenticator-app', {});
    assert.equal(app.status, 201, JSON.stringify(app.body));
    const code = () => totp(String(app.body['secret']), backend.clock.now());
    const spent = code();
    const confirmed = await people.bob.post('/v1/me/authenticator-app/confirm', { code: spent });
    assert.equal(confirmed.status, 204, JSON.stringify(confirmed.body));
    const approve = (given: string) => demand.act('bob', id, 'approve', { stepUp: { kind: 'code', code: given } });
    assert.equal((await approve(spent)).status, 403, 'a code counts once');
    assert.equal((await demand.seen(id))['state'], 'pending');
    backend.clock.advance(minute);
    const approved = await approve(code());
    assert.equal(approved.body['state'], 'active', JSON.stringify(approved.body));
  });

  test('demand 40: where it demands a passkey, a passkey approves, for exactly what was seen and once', async (t) => {
    const demand = await Demand.open(t);
    await demand.publishTemplate(careful('passkey'));
    const key = await withPasskey(demand, 'bob');
    const approve = (id: string, stepUp?: unknown, more: object = {}) =>
      demand.act('bob', id, 'approve', { ...more, stepUp });
    const first = await demand.asked(wish);
    const refused = await approve(first);
    assert.deepEqual([refused.body['error_code'], refused.body['step_up']], ['step_up_required', ['passkey']]);
    const byCode = await approve(first, { kind: 'code', code: '123456' });
    assert.equal(byCode.body['error_code'], 'step_up_required', 'a code is not enough');

    // What it is given for is what it is good for.
    const shorter = await proofFor(demand, 'bob', key, first, { duration: '30m' });
    assert.equal((await approve(first, shorter)).body['error_code'], 'step_up_invalid');
    const before = await proofFor(demand, 'bob', key, first);
    const edit = await demand.laptop.call('POST', `/v1/exceptions/${first}/edit`, {
      justification: 'Something else now',
    });
    assert.equal(edit.status, 200, JSON.stringify(edit.body));
    assert.equal((await approve(first, before)).body['error_code'], 'step_up_invalid', 'it was edited');
    assert.equal((await demand.seen(first))['state'], 'pending');

    // There is one try for each challenge, and the person has to be there.
    const challenge = await challengeFor(demand, 'bob', first);
    for (const answer of [key.answer(challenge, { verified: false }), key.answer(challenge)])
      assert.equal((await approve(first, answer)).body['error_code'], 'step_up_invalid');

    const proof = await proofFor(demand, 'bob', key, first);
    const approved = await approve(first, proof);
    assert.equal(approved.body['state'], 'active', JSON.stringify(approved.body));
    const [vote] = (await demand.seen(first))['decisions'] as { authn: { level: string; credential: string } }[];
    assert.deepEqual([vote?.authn.level, vote?.authn.credential], ['passkey', key.id]);
    assert.equal((await demand.act('bob', first, 'revoke')).status, 200);
    const second = await demand.asked(wish);
    assert.equal((await approve(second, proof)).body['error_code'], 'step_up_invalid', 'it is spent');
    assert.equal((await demand.seen(second))['state'], 'pending');
  });

  test('demand 40: nobody approves with the passkey of somebody else', async (t) => {
    const demand = await Demand.open(t);
    await demand.publishTemplate(careful('passkey'));
    const key = await withPasskey(demand, 'bob');
    const others = await withPasskey(demand, 'eve');
    const id = await demand.asked(wish);
    // Neither with the answer of another's passkey, nor with the answer to another's challenge.
    for (const given of [key, others]) {
      const stepUp = await proofFor(demand, 'bob', given, id);
      assert.equal((await demand.act('eve', id, 'approve', { stepUp })).body['error_code'], 'step_up_invalid');
    }
    const late = await proofFor(demand, 'bob', key, id);
    demand.backend.clock.advance(5 * minute);
    assert.equal((await demand.act('bob', id, 'approve', { stepUp: late })).body['error_code'], 'step_up_invalid');
    assert.equal((await demand.seen(id))['state'], 'pending');
  });
});
