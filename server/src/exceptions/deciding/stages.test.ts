import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { openDesk } from '../testing/desk.ts';
import { basePolicy } from '../testing/policy.ts';
import { deskTemplate, stagedTemplate } from '../testing/templates.ts';

/** Mia manages Erin, whose laptop it is; Sue, Sam and Siv are of security; Hal is of the help desk. */
async function stagedDesk(t: TestContext) {
  const desk = await openDesk(t);
  await desk.template(stagedTemplate);
  const mia = await desk.addPerson('Mia', ['employee']);
  await desk.change('users', desk.erin.id, { manager_id: mia.id });
  const security = { groups: ['security'] };
  const sue = await desk.addPerson('Sue', ['approver'], security);
  const sam = await desk.addPerson('Sam', ['approver'], security);
  const siv = await desk.addPerson('Siv', ['employee'], security);
  const hal = await desk.addPerson('Hal', ['employee'], { groups: ['helpdesk'] });
  return { ...desk, mia, sue, sam, siv, hal };
}

describe('stages', () => {
  test('are asked one after the other, each of its own people, and each shows what it has', async (t) => {
    const desk = await stagedDesk(t);
    const waiting = await desk.asked({ template: 'desk' });
    assert.equal(waiting.approvalsNeeded, 3);
    assert.equal((await desk.act(desk.sue, 'approve', waiting)).code, 'approval_not_yours', 'the manager is first');
    const first = await desk.act(desk.mia, 'approve', waiting);
    assert.deepEqual(
      first.body.stages.map(({ title, given }) => [title, given]),
      [
        ['Manager', 1],
        ['Security', 0],
      ],
    );
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).code, 'approval_not_yours', 'is not of security');
    assert.equal((await desk.act(desk.siv, 'approve', waiting)).code, 'not_allowed', 'is of security, yet no approver');
    assert.equal((await desk.act(desk.sue, 'approve', waiting)).body.state, 'pending');
    assert.equal((await desk.act(desk.sue, 'approve', waiting)).code, 'already_decided');
    assert.equal((await desk.act(desk.sam, 'approve', waiting)).body.state, 'active');
  });

  test('somebody who has left security, or is the manager no more, has not approved', async (t) => {
    const desk = await stagedDesk(t);
    const waiting = await desk.asked({ template: 'desk' });
    await desk.act(desk.mia, 'approve', waiting);
    await desk.act(desk.sue, 'approve', waiting);
    await desk.change('users', desk.sue.id, { groups: '[]' });
    assert.equal((await desk.act(desk.sam, 'approve', waiting)).body.state, 'pending');
    await desk.change('users', desk.sue.id, { groups: '["security"]' });
    await desk.change('users', desk.erin.id, { manager_id: desk.hal.id });
    const { stages } = await desk.seen(waiting);
    assert.deepEqual(
      stages.map(({ given }) => given),
      [0, 2],
    );
    assert.equal((await desk.act(desk.mia, 'deny', waiting)).code, 'not_allowed');
    assert.equal((await desk.act(desk.hal, 'approve', waiting)).body.state, 'active');
  });

  test('any approver may deny at any stage, the manager at theirs, nobody else', async (t) => {
    const desk = await stagedDesk(t);
    const ask = () => desk.asked({ template: 'desk' });
    assert.equal((await desk.act(desk.bob, 'deny', await ask())).body.state, 'denied');
    assert.equal((await desk.act(desk.mia, 'deny', await ask())).body.state, 'denied');
    assert.equal((await desk.act(desk.hal, 'deny', await ask())).code, 'not_allowed');
  });

  test('a manager neither approves what they asked for, nor what is for their own device', async (t) => {
    const desk = await stagedDesk(t);
    const laptop = await desk.addDevice(desk.mia);
    await desk.change('users', desk.mia.id, { manager_id: desk.mia.id, roles: '["admin"]' });
    const own = await desk.asked({ template: 'desk' }, laptop);
    assert.equal((await desk.act(desk.mia, 'approve', own)).code, 'self_approval');
    const body = { device: desk.laptop.id, rules: ['base/lock'], duration: '1h', justification: 'Erin is on the road' };
    const mia = { ...desk.mia, roles: ['admin'] as const };
    const asked = await desk.call('POST', '/v1/admin/exceptions', { as: mia, body: { ...body, template: 'desk' } });
    assert.equal((await desk.act(mia, 'approve', asked.body)).code, 'self_approval');
  });

  test('a template that asks for more by now has its way, and one that asks for less has not', async (t) => {
    const desk = await openDesk(t);
    await desk.template(deskTemplate('stages: [{ title: Approval, approvals: 2 }]'));
    const waiting = await desk.asked({ template: 'desk' });
    await desk.template(deskTemplate());
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).body.state, 'pending');
    await desk.template(deskTemplate('stages: [{ title: Approval, approvals: 3 }]'));
    const twice = await desk.act(desk.eve, 'approve', waiting);
    assert.deepEqual([twice.body.state, twice.body.approvalsNeeded], ['pending', 3]);
    assert.equal((await desk.act(desk.ada, 'approve', waiting)).body.state, 'active');
  });

  test('another template that asks others, as many, has its way too', async (t) => {
    const desk = await stagedDesk(t);
    await desk.template(deskTemplate());
    const waiting = await desk.asked({ template: 'desk' });
    await desk.template(deskTemplate('stages: [{ title: Security, groups: [security] }]'));
    const first = await desk.act(desk.bob, 'approve', waiting);
    assert.deepEqual([first.body.state, first.body.approvalsNeeded], ['pending', 2]);
    assert.equal((await desk.act(desk.eve, 'approve', waiting)).code, 'approval_not_yours', 'is not of security');
    assert.equal((await desk.act(desk.sue, 'approve', waiting)).body.state, 'active');
  });

  test('for a manager who is not there any more, or asked themselves, are asked of every approver', async (t) => {
    const desk = await stagedDesk(t);
    await desk.template(deskTemplate('stages: [{ title: Manager, manager: true }]'));
    const first = await desk.asked({ template: 'desk' });
    assert.equal((await desk.act(desk.bob, 'approve', first)).code, 'approval_not_yours', 'there is a manager');
    await desk.change('users', desk.mia.id, { active: 0 });
    assert.equal((await desk.act(desk.siv, 'approve', first)).code, 'not_allowed');
    assert.equal((await desk.act(desk.bob, 'approve', first)).body.state, 'active');
    await desk.own('relinquish', first);

    await desk.change('users', desk.mia.id, { active: 1, roles: '["admin"]' });
    const mia = { ...desk.mia, roles: ['admin'] as const };
    const body = { device: desk.laptop.id, rules: ['base/lock'], duration: '1h', justification: 'Erin is on the road' };
    const asked = await desk.call('POST', '/v1/admin/exceptions', { as: mia, body: { ...body, template: 'desk' } });
    assert.equal((await desk.act(mia, 'approve', asked.body)).code, 'self_approval');
    assert.equal((await desk.act(desk.bob, 'approve', asked.body)).body.state, 'active');
  });

  test('nobody is their own manager', async (t) => {
    const desk = await stagedDesk(t);
    await desk.template(deskTemplate('stages: [{ title: Manager, manager: true }]'));
    await desk.change('users', desk.erin.id, { manager_id: desk.erin.id });
    const waiting = await desk.asked({ template: 'desk' });
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).body.state, 'active');
  });

  test('take a vote that sets free another: nobody is stuck for having voted too early', async (t) => {
    const desk = await stagedDesk(t);
    const stages = '[{ title: Network, groups: [network] }, { title: Security, groups: [security] }]';
    await desk.template(deskTemplate(`stages: ${stages}`));
    await desk.change('users', desk.sue.id, { groups: '["network", "security"]' });
    await desk.change('users', desk.sam.id, { groups: '["network"]' });
    const waiting = await desk.asked({ template: 'desk' });
    assert.equal((await desk.act(desk.sue, 'approve', waiting)).body.state, 'pending');
    assert.equal((await desk.act(desk.sam, 'approve', waiting)).body.state, 'active');
  });

  test('that nobody can fill are told of when it is looked at, asked for and decided', async (t) => {
    const desk = await stagedDesk(t);
    await desk.template(deskTemplate('stages: [{ title: Legal, groups: [legal], approvals: 2 }]'));
    const wish = { rules: ['base/firewall'], duration: '1h', template: 'desk' };
    const preview = await desk.call<{ stuck: string | null }>('POST', '/v1/exceptions/preview', {
      as: desk.laptop,
      body: wish,
    });
    const sentence = 'As things stand it waits in vain: "Legal" takes 2, and there is nobody to give it.';
    assert.equal(preview.body.stuck, sentence);
    const waiting = await desk.asked({ template: 'desk' });
    assert.equal(waiting.stuck, sentence);
    await desk.change('users', desk.bob.id, { groups: '["legal"]' });
    assert.match((await desk.seen(waiting)).stuck ?? '', /only 1/);
    await desk.change('users', desk.sue.id, { groups: '["legal"]' });
    assert.equal((await desk.seen(waiting)).stuck, null);
  });

  test('nok: longer than the template of now lets it be', async (t) => {
    const desk = await openDesk(t);
    await desk.template(deskTemplate());
    const waiting = await desk.asked({ template: 'desk' });
    await desk.template(deskTemplate().replace('[1h, 8h]', '[1h]').replace('max_duration: 8h', 'max_duration: 1h'));
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).code, 'exception_too_long');
    assert.equal((await desk.act(desk.bob, 'approve', waiting, { duration: '1h' })).body.state, 'active');
  });
});

describe('who may end what was granted', () => {
  test('its person, their manager, approvers, and who the template names; nobody else', async (t) => {
    const desk = await stagedDesk(t);
    async function begun() {
      const waiting = await desk.asked({ template: 'desk' });
      for (const by of [desk.mia, desk.sue, desk.sam]) await desk.act(by, 'approve', waiting);
      return waiting;
    }
    const first = await begun();
    assert.equal((await desk.act(desk.siv, 'revoke', first)).code, 'not_allowed');
    assert.equal((await desk.act(desk.mia, 'revoke', first)).body.state, 'revoked');
    assert.equal((await desk.act(desk.hal, 'revoke', await begun())).body.state, 'revoked');
    assert.equal((await desk.act(desk.bob, 'revoke', await begun())).body.state, 'revoked');
    assert.equal((await desk.act(desk.erin, 'revoke', await begun())).body.state, 'relinquished');
  });

  test('nobody who is not active', async (t) => {
    const desk = await stagedDesk(t);
    const granted = await desk.granted();
    await desk.change('users', desk.mia.id, { active: 0 });
    assert.equal((await desk.act(desk.mia, 'revoke', granted)).code, 'not_allowed');
  });
});

describe('looking at a request', () => {
  test('is remembered once of who may decide, not of auditors; the manager may look too', async (t) => {
    const desk = await stagedDesk(t);
    const olga = await desk.addPerson('Olga', ['auditor']);
    const waiting = await desk.asked();
    const path = `/v1/admin/exceptions/${waiting.id}`;
    for (const as of [desk.bob, olga, desk.bob, desk.mia]) {
      assert.equal((await desk.call('GET', path, { as })).status, 200);
      desk.pass(1000);
    }
    assert.equal((await desk.call('GET', path, { as: desk.siv })).code, 'not_allowed');
    const looks = await desk.store.read.selectFrom('exception_views').selectAll().execute();
    assert.deepEqual(
      new Map(looks.map(({ person_id, at }) => [person_id, at])),
      new Map([
        [desk.bob.id, desk.clock.at - 4000],
        [desk.mia.id, desk.clock.at - 1000],
      ]),
    );
  });
});

describe('approved by a condition', () => {
  const automatic = deskTemplate(`
conditions:
  - { title: A short while, when: risk.score < 100, auto_approve: true }
`);
  const open = '{ max_duration: 8h, max_total: 12h, approvals: 1, auto_approve: true }';

  test('without a person where every policy lets it, by the server, which says by what', async (t) => {
    const desk = await openDesk(t);
    await desk.publish(basePolicy({ firewall: open }));
    await desk.template(automatic);
    const answer = await desk.asked({ template: 'desk' });
    assert.deepEqual([answer.state, answer.live, answer.autoApprovedBy], ['active', true, 'A short while']);
    const [, approved] = await desk.entries(answer.id);
    assert.equal(approved?.type, 'exception.approved');
    assert.deepEqual([approved.actor, approved.data['by']], [null, 'A short while']);
    // More of it is for people.
    const more = await desk.extend(answer, '4h');
    assert.deepEqual([more.body.state, more.body.autoApprovedBy], ['pending', null]);
    const edited = await desk.own('edit', more.body, { duration: '5h' });
    assert.deepEqual([edited.body.state, edited.body.autoApprovedBy], ['pending', null]);
    assert.equal(edited.body.stages.length, 1);
  });

  test('nok: where one of the rules does not leave it to templates', async (t) => {
    const desk = await openDesk(t);
    await desk.publish(basePolicy({ firewall: open }));
    await desk.template(automatic);
    const answer = await desk.asked({ template: 'desk', rules: ['base/firewall', 'base/lock'] });
    assert.deepEqual([answer.state, answer.autoApprovedBy, answer.approvalsNeeded], ['pending', null, 1]);
  });
});

describe('proof of who somebody is', () => {
  const template = deskTemplate('step_up: { approval: recent }');

  test('is asked for at the approval, kept with the vote, and asking for it is no refusal', async (t) => {
    const desk = await openDesk(t);
    await desk.template(template);
    const waiting = await desk.asked({ template: 'desk' });
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).code, 'step_up_required');
    assert.deepEqual(await desk.audited(waiting), ['exception.requested']);
    const fresh = { ...desk.bob, authenticatedAt: desk.clock.at };
    const answer = await desk.act(fresh, 'approve', waiting);
    assert.deepEqual([answer.body.state, answer.body.decisions[0]?.authn?.level], ['active', 'recent']);
  });

  test('nok: a device is no proof of its person', async (t) => {
    const desk = await openDesk(t);
    await desk.template(deskTemplate('step_up: { request: recent }'));
    const refused = await desk.ask({ template: 'desk' });
    assert.ok(['step_up_required', 'second_factor_missing'].includes(refused.code ?? ''), refused.code);
  });
});

describe('a person who leaves the group that may have exceptions', () => {
  const forEngineers = '{ max_duration: 8h, max_total: 12h, approvals: 1, groups: [engineering] }';

  test('has none any more, until they are back; and is approved none', async (t) => {
    const desk = await openDesk(t);
    await desk.publish(basePolicy({ firewall: forEngineers }));
    await desk.change('users', desk.erin.id, { groups: '["engineering"]' });
    const granted = await desk.granted();
    assert.equal(granted.live, true);
    await desk.change('users', desk.erin.id, { groups: '["sales"]' });
    assert.equal((await desk.seen(granted)).live, false);
    await desk.change('users', desk.erin.id, { groups: '["engineering"]' });
    assert.equal((await desk.seen(granted)).live, true);

    await desk.act(desk.bob, 'revoke', granted);
    const waiting = await desk.asked();
    await desk.change('users', desk.erin.id, { groups: '["sales"]' });
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).code, 'exception_not_allowed');
  });
});

describe('the hash of a request', () => {
  test('is another under another version of its template, and says what was shown', async (t) => {
    const desk = await openDesk(t);
    await desk.template(deskTemplate());
    const waiting = await desk.asked({ template: 'desk' });
    await desk.template(deskTemplate('operators: [everybody]'));
    const edited = await desk.own('edit', waiting, { duration: '2h' });
    assert.notEqual(edited.body.requestHash, waiting.requestHash);
    const { requestHash } = waiting;
    assert.equal((await desk.act(desk.bob, 'approve', waiting, { requestHash })).code, 'exception_changed');
    assert.equal((await desk.act(desk.bob, 'deny', waiting, { requestHash })).code, 'exception_changed');
  });
});
