import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { minute } from '@postern/shared/time';
import { systemActor } from '../../audit/event.ts';
import type { PersonCaller } from '../../http/caller.ts';
import type { SoftwareAuthenticator } from '../../step-up/testing/authenticator.ts';
import { readPublished, templatePublication, templateRetirement } from '../templates/publication.ts';
import { readTemplateDocument } from '../templates/read-template.ts';
import { openAccessDesk } from './testing/access-desk.ts';

const by = {
  actor: systemActor,
  approval: 'first-start',
  proposedBy: null,
  approvedBy: null,
  note: null,
  proposal: null,
} as const;

const guarded = `
template: guarded
kind: access
title: Guarded
description: For one task.
impact: It opens.
durations: [1h]
max_duration: 8h
step_up: { approval: passkey }
`;

const plannedAsEmergency = `
template: planned
kind: access
title: Planned work
description: Something is down.
impact: It opens at once.
for: { groups: [staff] }
durations: [15m]
max_duration: 1h
step_up: { request: passkey }
emergency: true
`;

async function open(t: Pick<TestContext, 'after'>) {
  const desk = await openAccessDesk(t);
  const { payroll, wiki } = desk.resources;
  async function publish(text: string): Promise<void> {
    const document = readTemplateDocument(text);
    const published = await readPublished(desk.store, document.template);
    await desk.store.commit(templatePublication(published, { document, text }, by, desk.clock.at));
  }
  async function retire(name: string): Promise<void> {
    await desk.store.commit(templateRetirement(await readPublished(desk.store, name), name, by, desk.clock.at));
  }
  await publish(guarded);
  for (const name of [payroll, wiki])
    await desk.offer(name, { roles: ['operator'], templates: ['guarded', 'planned'] });

  /** What somebody signs so that a request is approved as they say. */
  async function signed(as: PersonCaller, passkey: SoftwareAuthenticator, about: Record<string, unknown>) {
    const sent = { as, body: { purpose: 'decide', about } };
    const { body } = await desk.call<Parameters<typeof passkey.answer>[0]>('POST', '/v1/me/step-ups', sent);
    return passkey.answer(body);
  }
  const approve = async (as: PersonCaller, { id }: { id: string }, body: Record<string, unknown>) => {
    const requestHash = await desk.hashOf(id);
    return desk.call('POST', `/v1/admin/exceptions/${id}/approve`, { as, body: { requestHash, ...body } });
  };
  const about = ({ id, requestHash }: ExceptionView) => ({ exception: id, requestHash });
  return { ...desk, publish, retire, signed, approve, about };
}

describe('a passkey that signed one approval', () => {
  test('approves nothing else, for nobody else, for no longer, not after an edit, and not twice', async (t) => {
    const desk = await open(t);
    const { bob, eve } = desk;
    const passkey = await desk.withPasskey(bob);
    await desk.withPasskey(eve);
    const first = await desk.asked({ duration: '2h' });
    const other = await desk.asked({ resource: desk.resources.wiki });
    const sign = (about: Record<string, unknown>) => desk.signed(bob, passkey, about);

    assert.equal((await desk.approve(bob, first, {})).code, 'step_up_required');
    assert.equal((await desk.approve(bob, other, { stepUp: await sign(desk.about(first)) })).code, 'step_up_invalid');
    const brief = await sign({ ...desk.about(first), duration: '15m' });
    assert.equal((await desk.approve(bob, first, { stepUp: brief })).code, 'step_up_invalid', 'longer');
    assert.equal((await desk.approve(eve, first, { stepUp: await sign(desk.about(first)) })).code, 'step_up_invalid');

    const before = await sign(desk.about(first));
    const edit = { duration: '8h' };
    const edited = await desk.call('POST', `/v1/exceptions/${first.id}/edit`, { as: desk.laptop, body: edit });
    assert.equal(edited.status, 200, edited.code);
    assert.equal((await desk.approve(bob, first, { stepUp: before })).code, 'step_up_invalid', 'edited since');

    const stepUp = await sign(desk.about(edited.body));
    const answers = await Promise.all([1, 2].map(() => desk.approve(bob, first, { stepUp })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    const { decisions } = await desk.seen(first);
    assert.equal(decisions.length, 1);
    assert.equal((await desk.seen(other)).state, 'pending');
  });
});

describe('after an approval of access', () => {
  test('it stands though its person leaves the group or the template goes, until somebody ends it', async (t) => {
    const desk = await open(t);
    await desk.setGroups(desk.erin, ['staff']);
    const granted = await desk.granted({ template: 'planned' });
    await desk.setGroups(desk.erin, []);
    await desk.retire('planned');
    assert.equal((await desk.seen(granted)).live, true);
    desk.pass(minute);
    assert.notEqual((await desk.extend(granted, '2h')).status, 201, 'there is no more of it');
    assert.equal((await desk.end(desk.bob, granted)).body.state, 'revoked');
  });
});

describe('after a request for access', () => {
  test('nok: to have it approved when its template is retired, or the resource goes by others', async (t) => {
    const desk = await open(t);
    await desk.setGroups(desk.erin, ['staff']);
    const asked = await desk.asked({ template: 'planned' });
    await desk.retire('planned');
    assert.equal((await desk.approve(desk.bob, asked, {})).code, 'template_unknown');
    await desk.offer(desk.resources.payroll, { roles: ['operator'], templates: ['guarded'] });
    assert.equal((await desk.approve(desk.bob, asked, {})).code, 'access_not_offered');
    await desk.offer(desk.resources.payroll, { roles: ['reader'], templates: ['guarded'] });
    assert.equal((await desk.approve(desk.bob, asked, {})).code, 'access_not_offered');
    assert.equal((await desk.seen(asked)).live, false);
  });

  test('nok: to have it approved once its person has left the group that the template is for', async (t) => {
    const desk = await open(t);
    await desk.setGroups(desk.erin, ['staff']);
    const asked = await desk.asked({ template: 'planned' });
    await desk.setGroups(desk.erin, []);
    assert.equal((await desk.approve(desk.bob, asked, {})).code, 'template_not_for_you');
  });

  test('nok: to make it an emergency, by an edit or by waiting for the template to be one', async (t) => {
    const desk = await open(t);
    await desk.setGroups(desk.erin, ['staff']);
    const asked = await desk.asked({ template: 'planned' });
    await desk.publish(plannedAsEmergency);
    const edited = await desk.call('POST', `/v1/exceptions/${asked.id}/edit`, {
      as: desk.laptop,
      body: { duration: '15m' },
    });
    assert.ok(edited.status >= 400, 'edited');
    const { body } = await desk.approve(desk.bob, asked, {});
    assert.notEqual(body.emergency, true);
  });
});

describe('an emergency', () => {
  const wish = {
    rules: ['base/firewall'],
    duration: '1h',
    justification: 'Everything is down',
    template: 'outage-device',
  };

  test('nok: approved, edited or extended; ended by its person and used again; with the same proof', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.setGroups(desk.erin, ['on-call']);
    const passkey = await desk.withPasskey(desk.erin);
    const access = desk.emergencyWish;
    const stepUp = await desk.proofOf(desk.erin, passkey, { device: desk.laptop.id, access });
    const use = () => desk.call('POST', '/v1/emergency', { as: desk.laptop, body: { ...access, stepUp } });
    const used = (await use()).body;
    assert.equal(used.live, true);
    assert.equal((await desk.act(desk.bob, 'approve', used)).code, 'exception_state');
    const path = `/v1/exceptions/${used.id}/edit`;
    assert.equal(
      (await desk.call('POST', path, { as: desk.laptop, body: { duration: '30m' } })).code,
      'exception_state',
    );
    desk.pass(minute);
    assert.equal((await desk.extend(used, '1h')).code, 'exception_not_allowed');
    assert.equal((await desk.end(desk.erin, used)).body.state, 'relinquished');
    assert.equal((await use()).code, 'emergency_review_due');
    assert.equal((await desk.emergency(desk.erin, passkey)).code, 'emergency_review_due');
  });

  test('nok: asked for by an admin for somebody else, or for several at once', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.setGroups(desk.erin, ['on-call']);
    const as = desk.ada;
    const one = await desk.call('POST', '/v1/admin/exceptions', { as, body: { device: desk.laptop.id, ...wish } });
    assert.equal(one.code, 'template_not_for_you');
    const several = { ...wish, devices: [desk.laptop.id] };
    const set = await desk.call('POST', '/v1/admin/exception-sets', { as, body: several });
    assert.equal(set.code, 'template_not_for_you', JSON.stringify(set.body));
    assert.equal((await desk.store.read.selectFrom('exceptions').selectAll().execute()).length, 0);
  });
});

test('nok: access is not ended by the manager of somebody else, or of a person who has another now', async (t) => {
  const desk = await openAccessDesk(t);
  const [mia, max] = [await desk.addPerson('Mia', ['employee']), await desk.addPerson('Max', ['employee'])];
  const oli = await desk.addPerson('Oli', ['employee']);
  await desk.change('users', oli.id, { manager_id: max.id });
  await desk.change('users', desk.erin.id, { manager_id: mia.id });
  const access = await desk.granted();
  assert.equal((await desk.end(max, access)).code, 'not_allowed');
  await desk.change('users', desk.erin.id, { manager_id: max.id });
  assert.equal((await desk.end(mia, access)).code, 'not_allowed');
  assert.equal((await desk.end(max, access)).body.state, 'revoked');
});

describe('more time for access', () => {
  test('nok: as an emergency, under a template that has become one', async (t) => {
    const desk = await open(t);
    await desk.setGroups(desk.erin, ['staff']);
    const passkey = await desk.withPasskey(desk.erin);
    const granted = await desk.granted({ template: 'planned' });
    assert.equal(granted.state, 'active');
    await desk.publish(plannedAsEmergency);
    desk.pass(30 * minute);
    const extension = { duration: '1h', justification: 'It takes longer' };
    const stepUp = await desk.proofOf(desk.erin, passkey, { exception: granted.id, extension });
    const path = `/v1/exceptions/${granted.id}/extend`;
    const answer = await desk.call('POST', path, { as: desk.laptop, body: { ...extension, stepUp } });
    assert.equal(answer.code, 'template_not_for_you', JSON.stringify(answer.body));
  });
});
