import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import { hour } from '@postern/shared/time';
import { app, Demand, firewall } from './scene.ts';

const typesOf = (entries: readonly Record<string, unknown>[]) => entries.map(({ type }) => type);

describe('the life of an exception', () => {
  test('demand 4: the log says who opted out, when, and why', async (t) => {
    const demand = await Demand.open(t);
    const before = demand.backend.clock.now();
    const id = await demand.asked({ justification: 'The vendor comes to our house today' });
    await demand.act('bob', id, 'approve', { reason: 'I have seen the order' });
    const [asked, approved] = await demand.entries(id);
    assert.deepEqual(typesOf([asked ?? {}, approved ?? {}]), ['exception.requested', 'exception.approved']);
    const actorOf = (entry: typeof asked) => (entry?.['actor'] as { id: string } | undefined)?.id;
    assert.equal(actorOf(asked), await demand.idOf('erin@example.org'));
    assert.equal(actorOf(approved), await demand.idOf('bob@example.org'));
    assert.ok(Date.parse(String(asked?.['at'])) >= Math.floor(before / 1000) * 1000);
    assert.equal(asked?.['text'], 'The vendor comes to our house today');
    assert.equal(approved?.['text'], 'I have seen the order');
  });

  test('demand 11: whoever opted out opts back in, and everything is as before', async (t) => {
    const demand = await Demand.open(t);
    const id = await demand.granted();
    assert.equal(await demand.refusal(), undefined);
    assert.equal((await demand.laptop.call('POST', `/v1/exceptions/${id}/relinquish`, {})).status, 200);
    assert.equal(await demand.refusal(), 'posture_refused');
    assert.equal((await demand.seen(id))['state'], 'relinquished');
    assert.equal((await demand.ask()).status, 201, 'and may ask again');
  });

  test('demand 16: it ends by itself, and the normal flow goes on', async (t) => {
    const demand = await Demand.open(t);
    const id = await demand.granted({ duration: '1h' });
    demand.backend.clock.advance(hour);
    await demand.laptop.attest({}, demand.laptop.firewallOff());
    assert.equal(await demand.refusal(), 'posture_refused');
    assert.equal((await demand.seen(id))['state'], 'expired');
    await demand.laptop.attest();
    assert.equal(await demand.refusal(), undefined, 'a device in order needs none');
  });

  test('demand 18: there is one place where all of them are, and no side door', async (t) => {
    const demand = await Demand.open(t);
    const mine = await demand.granted();
    const other = await demand.anotherDevice('max@example.org');
    const forMax = await demand.people.ada.post('/v1/admin/exceptions', {
      device: other.fake.id,
      rules: [firewall],
      duration: '1h',
      justification: 'Max has no hands free to ask',
    });
    assert.equal(forMax.status, 201);
    const { body } = await demand.people.auditor.get('/v1/admin/exceptions');
    const ids = (body['items'] as { id: string }[]).map(({ id }) => id).toSorted();
    assert.deepEqual(ids, [mine, String(forMax.body['id'])].toSorted());
    assert.equal(await demand.refusal(other), 'posture_refused', 'what an admin asks for waits as well');
    const own = await demand.act('ada', String(forMax.body['id']), 'approve');
    assert.equal(own.body['error_code'], 'self_approval');
  });

  test('demand 21: checks go on after an opt-out: the rule is evaluated, worse ends it, better ends it', async (t) => {
    const demand = await Demand.open(t);
    const partly = () => disk('partial');
    const disk = (state: string) => ({
      'disk-encryption': reading({ state, volumes: [] }, demand.backend.clock.now()),
    });
    await demand.laptop.attest({}, partly());
    const id = await demand.asked({ rules: ['baseline/encryption'] });
    await demand.act('bob', id, 'approve');
    assert.equal((await demand.act('eve', id, 'approve')).body['state'], 'active');
    const { body } = await demand.laptop.attest({}, partly());
    const { rules } = body['verdict'] as { rules: { rule: string; standing: string; outcome: string }[] };
    const excepted = rules.find(({ rule }) => rule === 'encryption');
    assert.deepEqual([excepted?.standing, excepted?.outcome], ['excepted', 'fail']);
    await demand.laptop.attest({}, disk('none'));
    assert.equal((await demand.seen(id))['state'], 'voided');
    assert.equal(await demand.refusal(), 'posture_refused');

    await demand.laptop.attest({}, demand.laptop.firewallOff());
    const other = await demand.granted();
    await demand.laptop.attest();
    assert.equal((await demand.seen(other))['state'], 'resolved');
  });

  test('demand 39: every request and every decision is in the log, the refused ones too', async (t) => {
    const demand = await Demand.open(t);
    const denied = await demand.asked();
    await demand.act('ada', denied, 'deny', { reason: 'Use the other laptop' });
    const id = await demand.asked({ rules: [firewall, 'baseline/encryption'] });
    await demand.act('bob', id, 'approve');
    await demand.act('bob', id, 'approve');
    await demand.act('eve', id, 'approve', { duration: '1h' });
    await demand.act('eve', id, 'revoke');
    assert.deepEqual(typesOf(await demand.entries(denied)), ['exception.requested', 'exception.denied']);
    assert.deepEqual(typesOf(await demand.entries(id)), [
      'exception.requested',
      'exception.approval-recorded',
      'exception.decision-refused',
      'exception.approved',
      'exception.revoked',
    ]);
  });

  test('demand 48: the person, their manager and those who operate it end it with one call', async (t) => {
    const demand = await Demand.open(t);
    const erin = await demand.idOf('erin@example.org');
    const max = await demand.idOf('max@example.org');
    const made = await demand.people.ada.call('PATCH', `/v1/admin/users/${erin}`, { manager: max });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    const stranger = await demand.backend.person('sam@example.org', ['employee']);
    for (const end of [
      (id: string) => demand.laptop.call('POST', `/v1/exceptions/${id}/relinquish`, {}),
      (id: string) => demand.act('max', id, 'revoke'),
      (id: string) => demand.act('bob', id, 'revoke'),
      (id: string) => demand.act('ada', id, 'revoke'),
    ]) {
      const id = await demand.granted();
      assert.equal((await stranger.post(`/v1/admin/exceptions/${id}/revoke`, {})).body['error_code'], 'not_allowed');
      assert.equal(await demand.refusal(), undefined);
      const ended = await end(id);
      assert.equal(ended.status, 200, JSON.stringify(ended.body));
      assert.equal(await demand.refusal(), 'posture_refused');
    }
  });

  test('demand 52: with its end the rights are gone, those of tokens too, within a second', async (t) => {
    const demand = await Demand.open(t);
    const id = await demand.granted();
    const token = await demand.laptop.accessToken(app);
    assert.equal((await demand.gateway.introspect(token))['active'], true);
    assert.equal((await demand.act('bob', id, 'revoke')).status, 200);
    const ended = performance.now();
    assert.deepEqual(await demand.gateway.introspect(token), { active: false });
    assert.ok(performance.now() - ended < 1000);
    assert.equal(await demand.refusal(), 'posture_refused');
  });
});

describe('who may', () => {
  test('demand 41: only trusted people approve, and nobody for themselves', async (t) => {
    const demand = await Demand.open(t);
    const id = await demand.asked();
    for (const by of ['erin', 'max', 'auditor'] as const) {
      const { status, body } = await demand.act(by, id, 'approve');
      assert.equal(status, 403);
      assert.ok(['not_allowed', 'self_approval'].includes(String(body['error_code'])), String(body['error_code']));
    }
    const own = await demand.anotherDevice('ada@example.org');
    const hers = await demand.asked({}, own);
    assert.equal((await demand.act('ada', hers, 'approve')).body['error_code'], 'self_approval', 'an admin neither');
    assert.equal((await demand.seen(id))['state'], 'pending');
    assert.equal((await demand.act('eve', id, 'approve')).body['state'], 'active');
  });

  test('demand 42: a justification is required, and kept', async (t) => {
    const demand = await Demand.open(t);
    for (const justification of [undefined, '', 'because', ' '.repeat(40)])
      assert.equal((await demand.ask({ justification })).status, 400, String(justification));
    const id = await demand.asked({ justification: 'The vendor comes to our house today' });
    assert.equal((await demand.seen(id))['justification'], 'The vendor comes to our house today');
  });
});
