import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { day, hour, toTimestamp } from '@postern/shared/time';
import type { PersonCaller } from '../../http/caller.ts';
import { insert } from '../../storage/change.ts';
import { type Desk, openDesk } from '../testing/desk.ts';

async function evidence(desk: Desk, { id }: { id: string }, as: PersonCaller): Promise<ExceptionEvidence> {
  const answer = await desk.call<ExceptionEvidence>('GET', `/v1/admin/exceptions/${id}/evidence`, { as });
  assert.equal(answer.status, 200, answer.code);
  return answer.body;
}

/** What the history of a device keeps of a verdict. */
async function recorded(desk: Desk, seq: number, at: number, outcome: string): Promise<void> {
  const rules = JSON.stringify({ 'base/firewall': { outcome, standing: outcome === 'pass' ? 'fine' : 'blocked' } });
  const row = { id: `ver_${seq}`, device_id: desk.laptop.id, at, seq, status: 'x', policies: '[]', rules };
  await desk.store.commit({ changes: [insert('verdicts', row)], audit: [] });
}

/** The text of an attestation, of which nobody checks the signature again. */
async function attested(desk: Desk, seq: number, value: unknown): Promise<void> {
  const part = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const readings = { firewall: { status: 'ok', value } };
  const jws = `${part({ alg: 'ES256' })}.${part({ readings })}.${part('signature')}`;
  const row = { device_id: desk.laptop.id, seq, received_at: desk.clock.at, jws };
  await desk.store.commit({ changes: [insert('attestation_documents', row)], audit: [] });
}

describe('the evidence of a request', () => {
  test('has who, which device, what was found then and is now, the other rules and what it opens', async (t) => {
    const desk = await openDesk(t);
    const asked = await desk.asked();
    const seen = await evidence(desk, asked, desk.bob);
    assert.equal(seen.exception.requestHash, asked.requestHash);
    assert.deepEqual([seen.person.name, seen.device.name], ['Erin', "Erin's laptop"]);
    const [rule] = seen.rules;
    assert.equal(rule?.atRequest?.outcome, 'fail');
    assert.equal(rule.now?.standing, 'blocked');
    assert.equal(rule.lastGood, null, 'no verdict shows that it ever passed');
    assert.ok(seen.others.some((each) => `${each.policy}/${each.rule}` === 'base/disk'));
    assert.ok(!seen.others.some((each) => `${each.policy}/${each.rule}` === 'base/firewall'));
    assert.ok(seen.impact !== null && seen.impact.resources.length > 0);
    assert.deepEqual(
      seen.timeline.map(({ type, actor }) => [type, actor.name]),
      [['exception.requested', 'Erin']],
    );
    assert.deepEqual([seen.acts.approve.may, seen.acts.revoke.may], [true, false]);
  });

  test('knows when the rule last passed without a break, and with which value', async (t) => {
    const desk = await openDesk(t);
    const at = desk.clock.at - 10 * day;
    await recorded(desk, 1, at, 'pass');
    await recorded(desk, 2, at + day, 'fail');
    await recorded(desk, 4, at + 2 * day, 'pass');
    await recorded(desk, 6, at + 3 * day, 'pass');
    await recorded(desk, 9, at + 4 * day, 'unknown');
    await attested(desk, 4, { enabled: true, provider: 'nftables' });
    await attested(desk, 8, { enabled: true, provider: 'ufw' });
    await attested(desk, 9, { enabled: false });
    const { rules, recordedSince } = await evidence(desk, await desk.asked(), desk.bob);
    assert.deepEqual(rules[0]?.lastGood, {
      from: toTimestamp(at + 2 * day),
      until: toTimestamp(at + 4 * day),
      observed: 'enabled: yes, provider: ufw',
    });
    assert.equal(recordedSince, toTimestamp(at));
  });

  test('has the history of the person and what became of the like, this one not counted', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted({ duration: '1h' });
    await desk.act(desk.bob, 'revoke', first, { reason: 'The customers have left' });
    const una = await desk.addDevice(await desk.addPerson('Una', ['employee']));
    await desk.act(desk.eve, 'deny', await desk.asked({}, una), { reason: 'Use the guest network' });
    await desk.asked({ rules: ['base/disk'] }, una);
    desk.pass(hour);
    const seen = await evidence(desk, await desk.asked(), desk.bob);
    assert.equal(seen.history.counts.approved, 1);
    assert.deepEqual(
      seen.history.latest.map(({ state, endedReason }) => [state, endedReason]),
      [['revoked', 'The customers have left']],
    );
    assert.deepEqual(
      [seen.similar.counts.approved, seen.similar.counts.denied, seen.similar.counts.waiting],
      [1, 1, 0],
    );
    assert.equal(seen.similar.usualSeconds, 3600);
    assert.deepEqual(
      seen.similar.latest.map(({ person }) => person.name),
      ['Una', 'Erin'],
    );
  });

  test('is for readers, for whom it is and for their manager, who learn nothing of others', async (t) => {
    const desk = await openDesk(t);
    const mia = await desk.addPerson('Mia', ['employee']);
    await desk.change('users', desk.erin.id, { manager_id: mia.id });
    const una = await desk.addDevice(await desk.addPerson('Una', ['employee']));
    await desk.act(desk.bob, 'deny', await desk.asked({}, una));
    const asked = await desk.asked();
    await desk.act(desk.erin, 'approve', asked);
    for (const who of [mia, desk.erin]) {
      const seen = await evidence(desk, asked, who);
      assert.deepEqual([seen.similar.counts.denied, seen.similar.latest], [1, []]);
      assert.ok(!seen.timeline.some(({ outcome }) => outcome === 'failure'), 'who tried what is for readers');
    }
    const max = await desk.addPerson('Max', ['employee']);
    const answer = await desk.call('GET', `/v1/admin/exceptions/${asked.id}/evidence`, { as: max });
    assert.equal(answer.code, 'not_allowed');
    const tried = (await evidence(desk, asked, desk.bob)).timeline.find(({ outcome }) => outcome === 'failure');
    assert.equal(tried?.code, 'not_allowed');
  });

  test('remembers that somebody who may decide has looked', async (t) => {
    const desk = await openDesk(t);
    const asked = await desk.asked();
    await evidence(desk, asked, desk.bob);
    await evidence(desk, asked, desk.erin);
    const looks = await desk.store.read.selectFrom('exception_views').select('person_id').execute();
    assert.deepEqual(looks, [{ person_id: desk.bob.id }]);
  });
});
