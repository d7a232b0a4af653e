import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { Fault } from '@postern/shared/protocol/errors';
import { day, hour } from '@postern/shared/time';
import { readDeviceFacts } from '../../devices/index.ts';
import { createCurrentPolicies, nextEpoch } from '../../policy/index.ts';
import { insert } from '../../storage/change.ts';
import { openDesk } from '../testing/desk.ts';
import { basePolicy, payroll, posture, wiki } from '../testing/policy.ts';
import { ensureDefaultTemplates } from '../templates/store.ts';
import type { Asked } from './asked.ts';
import { planRequest } from './plan-request.ts';

const firewall: Asked = {
  kind: 'device',
  template: undefined,
  rules: ['base/firewall'],
  resources: [],
  role: null,
  durationMs: hour,
  renewals: 0,
};

async function openOffice(t: TestContext) {
  const desk = await openDesk(t);
  await ensureDefaultTemplates(desk.store, desk.clock.at);
  const policies = createCurrentPolicies(desk.store);
  async function plan(change: Partial<Asked> = {}, approvals = 1) {
    const facts = await readDeviceFacts(desk.store.read, { id: desk.laptop.id });
    assert.ok(facts);
    const rulebook = await policies.at(facts.policyEpoch);
    return await planRequest(desk, { facts, rulebook, approvals }, { ...firewall, ...change }, desk.clock.at);
  }
  async function refusal(change: Partial<Asked>): Promise<string> {
    try {
      await plan(change);
    } catch (error) {
      assert.ok(error instanceof Fault, String(error));
      return [error.code, ...error.details.map(({ message }) => message)].join(': ');
    }
    return 'none';
  }
  async function classify(name: string, tier: string, access: object | null = null): Promise<void> {
    const epoch = await desk.store.read
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'policy_epoch')
      .executeTakeFirstOrThrow();
    const row = { name, tier, title: null, access: access === null ? null : JSON.stringify(access) };
    await desk.store.commit({ changes: [nextEpoch(epoch.value), insert('resources', row)], audit: [] });
  }
  const points = async (name: string, change: Partial<Asked> = {}) =>
    (await plan(change)).risk.inputs.find((each) => each.name === name);
  return { ...desk, plan, refusal, classify, points };
}

describe('what a request takes', () => {
  test('without a template is what the policies say, with the risk', async (t) => {
    const office = await openOffice(t);
    const plan = await office.plan({}, 2);
    assert.deepEqual([plan.template, plan.stages[0]?.approvals, plan.stages.length], [null, 2, 1]);
    assert.equal(
      plan.risk.inputs.reduce((sum, { points }) => sum + points, 0),
      plan.risk.score,
    );
    assert.equal(plan.risk.inputs.length, 11);
  });

  test('is found with one read', async (t) => {
    const office = await openOffice(t);
    await office.plan();
    const facts = await readDeviceFacts(office.store.read, { id: office.laptop.id });
    const rulebook = await createCurrentPolicies(office.store).at(facts?.policyEpoch ?? '');
    const before = office.store.roundTrips().reads;
    assert.ok(facts);
    await planRequest(
      office,
      { facts, rulebook, approvals: 1 },
      {
        ...firewall,
        template: 'audit',
        rules: ['base/lock'],
        resources: [wiki],
        reasonCode: 'legal-hold',
        ticket: 'L-1',
      },
      office.clock.at,
    );
    assert.equal(office.store.roundTrips().reads, before + 1);
  });

  const legal = { template: 'audit', rules: ['base/lock'], resources: [wiki], reasonCode: 'legal-hold', ticket: 'L-1' };
  const bad: [string, Partial<Asked>, RegExp][] = [
    ['under a template that is not there', { template: 'other' }, /^template_unknown/],
    ['for a rule that looks at something else', { ...legal, rules: ['base/firewall'] }, /not for base\/firewall/],
    ['for every resource where some must be named', { ...legal, resources: [] }, /must name the resources/],
    ['without a reason', { ...legal, reasonCode: undefined }, /^reason_code_required: must be one of external-audit/],
    ['with a reason of its own', { ...legal, reasonCode: 'because' }, /^reason_code_required/],
    ['without a ticket', { ...legal, ticket: undefined }, /^ticket_required/],
    ['under a template for access', { template: 'temporary-access' }, /it is for temporary access/],
    [
      'under a template for others',
      { template: 'emergency-device', reasonCode: 'outage' },
      /it is for people in on-call/,
    ],
    [
      'for a device of nobody known',
      { template: 'contractor-laptop', rules: ['base/disk'], resources: [wiki], reasonCode: 'onboarding' },
      /nobody has said whose device/,
    ],
    [
      'while no incident is open',
      { template: 'incident-response', reasonCode: 'forensics', ticket: 'I-1' },
      /^exception_refused_by_rule: No incident is open/,
    ],
  ];
  for (const [title, change, expected] of bad) {
    test(`is refused ${title}`, async (t) => {
      assert.match(await (await openOffice(t)).refusal(change), expected);
    });
  }

  test('demand 14: rests on what was said of an incident', async (t) => {
    const office = await openOffice(t);
    await office.call('PUT', '/v1/admin/incident', { as: office.bob, body: { open: true, title: 'Mail is down' } });
    const asked = { template: 'incident-response', reasonCode: 'forensics', ticket: 'I-1' };
    assert.equal((await office.plan(asked)).template?.name, 'incident-response');
    assert.equal((await office.points('incident'))?.points, 4);
  });

  test('demand 37: a contractor on a personal laptop is asked for under a template of its own', async (t) => {
    const office = await openOffice(t);
    await office.change('devices', office.laptop.id, { ownership: 'personal' });
    await office.report(office.laptop, posture({ firewall: true }, office.clock.at));
    const asked = { template: 'contractor-laptop', rules: ['base/disk'], resources: [wiki], reasonCode: 'onboarding' };
    const plan = await office.plan(asked);
    assert.deepEqual([plan.template?.name, plan.maxDurationMs], ['contractor-laptop', 7 * day]);
  });
});

describe('the history of a request', () => {
  test('counts what the person asked for in 30 days for the same rule, and not the request itself', async (t) => {
    const office = await openOffice(t);
    const first = await office.asked();
    await office.own('withdraw', first);
    assert.equal((await office.points('requests'))?.value, '1');
    assert.equal((await office.points('requests', { exception: first.id }))?.value, '0');
    assert.equal((await office.points('requests', { rules: ['base/disk'] }))?.value, '0');
    office.pass(31 * day);
    assert.equal((await office.points('requests'))?.value, '0');
  });

  test('takes for usual what people granted, and not what nobody decided', async (t) => {
    const office = await openOffice(t);
    assert.match((await office.points('duration'))?.sentence ?? '', /Nothing says/);
    const granted = await office.granted({ duration: '2h' });
    assert.match((await office.points('duration'))?.sentence ?? '', /Usual are 2 hours: this is 0\.5 times/);
    await office.own('relinquish', granted);
    office.pass(91 * day);
    assert.match((await office.points('duration'))?.sentence ?? '', /Nothing says/);
  });

  test('without any takes the first duration of the template', async (t) => {
    const office = await openOffice(t);
    const asked = {
      template: 'audit',
      rules: ['base/lock'],
      resources: [wiki],
      reasonCode: 'legal-hold',
      ticket: 'L-1',
    };
    assert.match(
      (await office.points('duration', { ...asked, durationMs: 2 * day }))?.sentence ?? '',
      /Usual are 1 day: this is 2\.0/,
    );
  });

  test('takes the highest tier of what is named, or of all that is guarded; one that has none counts as high', async (t) => {
    const office = await openOffice(t);
    await office.classify(wiki, 'low');
    assert.deepEqual([(await office.points('tier'))?.value, (await office.points('tier'))?.points], ['unknown', 11]);
    assert.equal((await office.points('tier', { resources: [wiki] }))?.value, 'low');
    assert.equal((await office.points('tier', { resources: [payroll] }))?.value, 'unknown');
    await office.classify(payroll, 'critical');
    assert.equal((await office.points('tier'))?.value, 'critical');
  });
});

describe('approval by a condition', () => {
  const terms = '{ max_duration: 8h, max_total: 12h, approvals: 1, auto_approve: true }';
  const mine = {
    template: 'quick',
    document: `
template: quick
kind: device
title: Quick
description: D
impact: I
durations: [1h]
max_duration: 1h
conditions: [{ title: Short, when: risk.renewals == 0, auto_approve: true }]
`,
  };

  async function withTemplate(t: TestContext) {
    const office = await openOffice(t);
    const row = { name: 'quick', version: 1, kind: 'device', title: 'Quick', document: mine.document, current: 1 };
    const change = insert('exception_templates', { ...row, proposed_by: null, approved_by: null, published_at: 1 });
    await office.store.commit({ changes: [change], audit: [] });
    return office;
  }

  test('demand 15: takes every rule to allow it', async (t) => {
    const office = await withTemplate(t);
    assert.equal((await office.plan({ template: 'quick' })).autoApprovedBy, null);
    await office.publish(basePolicy({ firewall: terms }));
    assert.equal((await office.plan({ template: 'quick' })).autoApprovedBy, 'Short');
    const both = { template: 'quick', rules: ['base/firewall', 'base/disk'] };
    assert.equal((await office.plan(both)).autoApprovedBy, null);
    assert.equal((await office.plan({ template: 'quick', rules: ['base/gone'] })).autoApprovedBy, null);
    assert.equal((await office.plan({ template: 'quick', renewals: 1 })).autoApprovedBy, null);
    const extension = await office.plan({ template: 'quick', isExtension: true });
    assert.deepEqual([extension.autoApprovedBy, extension.stages.length], [null, 1]);
  });
});

describe('temporary access', () => {
  const access: Partial<Asked> = {
    kind: 'access',
    rules: [],
    resources: [wiki],
    role: 'reader',
    reasonCode: 'support',
    durationMs: hour,
  };

  test('is asked for under the first template that the resource names', async (t) => {
    const office = await openOffice(t);
    await office.classify(wiki, 'high', { roles: ['reader'], templates: ['temporary-access', 'emergency-access'] });
    const plan = await office.plan(access);
    assert.deepEqual(
      [plan.template?.name, plan.begins, plan.maxDurationMs],
      ['temporary-access', 'first-use', 8 * hour],
    );
  });

  test('to a critical resource takes a second approver, a second factor, and an hour at most', async (t) => {
    const office = await openOffice(t);
    await office.classify(wiki, 'critical', { roles: ['reader'], templates: ['temporary-access'] });
    const plan = await office.plan(access);
    assert.deepEqual([plan.stages.length, plan.stepUp.request, plan.maxDurationMs], [2, 'second-factor', hour]);
  });

  test('is not offered by every resource, in every role, or under every template', async (t) => {
    const office = await openOffice(t);
    await office.classify(wiki, 'high', { roles: ['reader'], templates: ['temporary-access'] });
    assert.match(await office.refusal({ ...access, resources: [payroll] }), /^access_not_offered/);
    assert.match(await office.refusal({ ...access, role: 'writer' }), /^access_not_offered/);
    assert.match(await office.refusal({ ...access, resources: [wiki, payroll] }), /^access_not_offered/);
    assert.match(
      await office.refusal({ ...access, template: 'emergency-access' }),
      /^access_not_offered: must be one of/,
    );
  });

  test('in an emergency waits for the review of the last one', async (t) => {
    const office = await openOffice(t);
    await office.classify(wiki, 'high', { roles: ['reader'], templates: ['emergency-access'] });
    await office.change('users', office.erin.id, { groups: '["on-call"]' });
    const asked = { ...access, reasonCode: 'outage' };
    const plan = await office.plan(asked);
    assert.deepEqual([plan.emergency, plan.stages, plan.stepUp.request], [true, [], 'passkey']);
    const review = {
      id: 'rvw_1',
      kind: 'emergency',
      subject_id: 'exc_1',
      person_id: office.erin.id,
      reason: 'x',
      reviewers: '[]',
      opened_at: 1,
      due_at: 2,
      overdue_at: null,
      decided_at: null,
      decided_by: null,
      verdict: null,
      note: null,
    };
    await office.store.commit({ changes: [insert('reviews', review)], audit: [] });
    assert.match(await office.refusal(asked), /^emergency_review_due/);
  });
});
