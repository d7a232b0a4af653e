import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { Impact } from '@postern/shared/protocol/impact';
import { hour, toTimestamp } from '@postern/shared/time';
import { nextEpoch } from '../../policy/index.ts';
import { insert } from '../../storage/change.ts';
import type { TableName } from '../../storage/database.ts';
import { tables } from '../../storage/tables.ts';
import { ensureDefaultTemplates } from '../templates/index.ts';
import { openDesk, opened } from '../testing/desk.ts';
import { payroll, posture, wiki } from '../testing/policy.ts';

async function openOffice(t: TestContext) {
  const desk = await openDesk(t);
  await ensureDefaultTemplates(desk.store, desk.clock.at);
  const wish = { rules: ['base/firewall'], duration: '2h' };
  const preview = (change: Record<string, unknown> = {}, as = desk.laptop) =>
    desk.call<Impact>('POST', '/v1/exceptions/preview', { as, body: { ...wish, ...change } });
  const previewed = async (change: Record<string, unknown> = {}) => (await preview(change)).body;
  const access = async (change: Record<string, unknown> = {}) => {
    const body = { resource: wiki, role: 'reader', duration: '1h', reasonCode: 'support', ...change };
    return (await desk.call<Impact>('POST', '/v1/access/preview', { as: desk.laptop, body })).body;
  };
  const impact = async ({ id }: { id: string }, as = desk.bob) =>
    (await desk.call<Impact>('GET', `/v1/admin/exceptions/${id}/impact`, { as })).body;
  async function offerAccess(): Promise<void> {
    const { value } = await desk.store.read
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'policy_epoch')
      .executeTakeFirstOrThrow();
    const offer = JSON.stringify({ roles: ['reader'], templates: ['temporary-access'] });
    const row = { name: wiki, tier: 'medium', title: null, access: offer };
    await desk.store.commit({ changes: [nextEpoch(value), insert('resources', row)], audit: [] });
  }
  async function everything(): Promise<string> {
    const all = await Promise.all(
      (Object.keys(tables) as TableName[]).map((name) => desk.store.read.selectFrom(name).selectAll().execute()),
    );
    return JSON.stringify(all);
  }
  return { ...desk, preview, previewed, access, impact, offerAccess, everything };
}

const codes = ({ refusals }: Impact) => refusals.map(({ code }) => code);

describe('demand 8: what an exception means is shown before it is asked for', () => {
  test('what is waived, and what stays enforced', async (t) => {
    const office = await openOffice(t);
    const { waived, enforced } = await office.previewed();
    assert.deepEqual(
      waived.map(({ rule, title, severity, expected, outcome }) => [rule, title, severity, expected, outcome]),
      [['base/firewall', 'Firewall', 'medium', 'on', 'fail']],
    );
    assert.match(waived[0]?.observed ?? '', /enabled/);
    const standings = Object.fromEntries(enforced.map(({ rule, standing }) => [rule, standing]));
    assert.deepEqual(standings, {
      'base/disk': 'grace',
      'base/lock': 'grace',
      'base/clock': 'fine',
      'base/mac': 'not-applicable',
      'payroll/space': 'blocked',
    });
  });

  test('which resources open, and for how long a token lives', async (t) => {
    const office = await openOffice(t);
    const { resources } = await office.previewed();
    const [first, second] = resources;
    assert.deepEqual([first?.name, first?.openBefore, first?.openAfter], [payroll, false, false]);
    assert.deepEqual([second?.name, second?.openBefore, second?.openAfter], [wiki, false, true]);
    assert.deepEqual([second?.tokenLifeSecondsBefore, second?.tokenLifeSecondsAfter], [0, 300]);
    const both = await office.previewed({ rules: ['base/firewall', 'payroll/space'], resources: [payroll] });
    assert.deepEqual(
      both.resources.map(({ name, openAfter }) => [name, openAfter]),
      [[payroll, true]],
    );
  });

  test('when it ends, whom it takes, and who is told', async (t) => {
    const office = await openOffice(t);
    await office.change('users', office.erin.id, { manager_id: office.ada.id });
    const { time, plan, told } = await office.previewed({ rules: ['base/disk'] });
    assert.deepEqual(time, {
      durationSeconds: 7200,
      beginsAt: toTimestamp(opened),
      expiresAt: toTimestamp(opened + 2 * hour),
    });
    assert.equal(plan?.stages[0]?.approvals, 2);
    assert.equal(told.count, 4);
    assert.deepEqual(Object.fromEntries(told.people.map(({ name, why }) => [name, why])), {
      Erin: 'person',
      Bob: 'approver',
      Eve: 'approver',
      Ada: 'approver',
    });
  });

  test('and says truly what is granted: the same resource is open after the approval', async (t) => {
    const office = await openOffice(t);
    await office.granted();
    const after = (await office.previewed({ rules: ['base/lock'] })).resources.find(({ name }) => name === wiki);
    assert.deepEqual([after?.openBefore, after?.tokenLifeSecondsBefore], [true, 300]);
  });

  test('with every refusal that there would be, instead of one', async (t) => {
    const office = await openOffice(t);
    assert.deepEqual(codes(await office.previewed()), []);
    const wrong = await office.previewed({ duration: '9h', template: 'other', resources: ['https://nowhere.example'] });
    assert.deepEqual(codes(wrong), ['resource_unknown', 'exception_too_long', 'template_unknown']);
    assert.equal(wrong.plan, null);
    assert.deepEqual(codes(await office.previewed({ rules: ['base/clock'] })), [
      'exception_not_allowed',
      'exception_not_needed',
    ]);
    await office.asked();
    assert.deepEqual(codes(await office.previewed()), ['exception_overlaps']);
    await office.report(office.laptop, posture({ firewall: true }, office.clock.at));
    assert.ok(codes(await office.previewed()).includes('exception_not_needed'));
    await office.change('devices', office.laptop.id, { quarantine_cause: 'forked', quarantined_at: 1 });
    const barred = await office.previewed();
    assert.ok(codes(barred).includes('device_quarantined'));
    assert.ok(barred.resources.every(({ openAfter }) => !openAfter));
  });

  test('says what conditions make of it, with each input of the risk', async (t) => {
    const office = await openOffice(t);
    const { plan } = await office.previewed({
      template: 'travelling',
      rules: ['base/disk'],
      resources: [wiki],
      reasonCode: 'broken',
    });
    assert.deepEqual(plan?.conditions, ['A high or critical resource']);
    assert.equal(plan.stages.length, 2);
    assert.equal(plan.risk.inputs.length, 11);
  });

  test('changes nothing, not even the audit', async (t) => {
    const office = await openOffice(t);
    await office.offerAccess();
    const request = await office.asked();
    const before = await office.everything();
    await office.previewed();
    await office.previewed({ duration: '9h' });
    await office.access();
    await office.impact(request);
    const body = { rules: ['base/lock'], duration: '1h', device: office.laptop.id };
    assert.equal((await office.call('POST', '/v1/admin/exceptions/preview', { as: office.bob, body })).status, 200);
    assert.equal(await office.everything(), before);
  });

  test('is for the device itself, whose it is, and those who decide', async (t) => {
    const office = await openOffice(t);
    const body = { rules: ['base/lock'], duration: '1h', device: office.laptop.id };
    assert.equal(
      (await office.call('POST', '/v1/admin/exceptions/preview', { as: office.erin, body })).code,
      'not_allowed',
    );
    const { id } = await office.asked();
    const carl = await office.addPerson('Carl', ['employee']);
    assert.equal((await office.call('GET', `/v1/admin/exceptions/${id}/impact`, { as: carl })).code, 'not_allowed');
    const absent = `/v1/admin/exceptions/exc_${'0'.repeat(32)}/impact`;
    assert.equal((await office.call('GET', absent, { as: office.bob })).code, 'not_found');
  });
});

describe('demand 8: what temporary access means is shown before it is asked for', () => {
  test('the resource opens, if the device is fit for it', async (t) => {
    const office = await openOffice(t);
    await office.offerAccess();
    const unfit = await office.access();
    assert.deepEqual(
      unfit.resources.map(({ openBefore, openAfter }) => [openBefore, openAfter]),
      [[false, false]],
    );
    await office.report(office.laptop, posture({ firewall: true, disk: 'full', lock: true }, office.clock.at));
    const fit = await office.access();
    assert.deepEqual(
      fit.resources.map(({ openBefore, openAfter }) => [openBefore, openAfter]),
      [[false, true]],
    );
    assert.deepEqual([fit.waived, fit.plan?.template?.name, fit.time.beginsAt], [[], 'temporary-access', null]);
    assert.deepEqual(codes(fit), []);
    assert.deepEqual(codes(await office.access({ role: 'owner' })), ['access_not_offered']);
  });
});

describe('what an approval means is shown to who decides', () => {
  test('as things are now, and not as they were', async (t) => {
    const office = await openOffice(t);
    const request = await office.asked();
    const before = await office.impact(request);
    assert.deepEqual([codes(before), before.resources.find(({ name }) => name === wiki)?.openAfter], [[], true]);
    await office.report(office.laptop, posture({ firewall: true }, office.clock.at));
    assert.deepEqual(codes(await office.impact(request)), ['exception_not_needed']);
  });

  test('with why this one may not', async (t) => {
    const office = await openOffice(t);
    const request = await office.asked();
    await office.change('users', office.erin.id, { roles: '["approver"]' });
    const erin = { ...office.erin, roles: ['approver'] as const };
    assert.deepEqual(codes(await office.impact(request, erin)), ['self_approval']);
    await office.act(office.bob, 'deny', request);
    assert.ok(codes(await office.impact(request)).includes('exception_state'));
  });
});
