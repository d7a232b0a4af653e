import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { sha256 } from '@postern/shared/digest';
import type { OfferedTemplate, TemplateProposal, TemplateVersion } from '@postern/shared/protocol/template';
import { minute } from '@postern/shared/time';
import type { PersonCaller } from '../../http/caller.ts';
import { openDesk } from '../testing/desk.ts';
import { builtInTemplate } from './built-in.ts';
import { ensureDefaultTemplates } from './store.ts';

const proposals = '/v1/admin/templates/proposals';

async function openOffice(t: TestContext) {
  const desk = await openDesk(t);
  await ensureDefaultTemplates(desk.store, desk.clock.at);
  const mallory = await desk.addPerson('Mallory', ['admin']);
  const propose = (by: PersonCaller, body: Record<string, unknown>) =>
    desk.call<TemplateProposal>('POST', proposals, { as: by, body });
  const approve = (by: PersonCaller, { id }: { id: string }) =>
    desk.call<TemplateProposal>('POST', `${proposals}/${id}/approve`, { as: by, body: {} });
  const versions = async (name: string) => {
    const answer = await desk.call<{ items: TemplateVersion[] }>('GET', `/v1/admin/templates/${name}`, {
      as: desk.bob,
    });
    return answer.body.items;
  };
  return { ...desk, mallory, propose, approve, versions };
}

const changed = builtInTemplate('travelling').replace('max_duration: 3d', 'max_duration: 4d');

describe('a template that changes', () => {
  test('is in force when another admin approves it, and its earlier version stays to be read', async (t) => {
    const office = await openOffice(t);
    const { body } = await office.propose(office.ada, { document: changed, note: 'Longer trips' });
    assert.deepEqual([body.state, body.baseVersion, body.action], ['proposed', 1, 'publish']);
    assert.equal((await office.versions('travelling')).length, 1);
    assert.equal((await office.approve(office.mallory, body)).body.state, 'published');
    const [second, first] = await office.versions('travelling');
    assert.deepEqual([second?.version, second?.current, second?.document], [2, true, changed]);
    assert.deepEqual([second?.proposedBy, second?.approvedBy], ['Ada', 'Mallory']);
    assert.deepEqual([first?.version, first?.current], [1, false]);
    const [entry] = await office.entries('travelling').then((all) => all.slice(-1));
    assert.deepEqual(
      [entry?.type, entry?.data['approval'], entry?.text],
      ['template.published', 'second-person', 'Longer trips'],
    );
  });

  test('is approved by nobody who proposed it, and who tried is recorded', async (t) => {
    const office = await openOffice(t);
    const { body } = await office.propose(office.ada, { document: changed });
    assert.equal((await office.approve(office.ada, body)).code, 'second_approval_required');
    assert.deepEqual(await office.audited(body), [
      'template.proposed',
      'template.approval-refused second_approval_required',
    ]);
    assert.equal((await office.versions('travelling')).length, 1);
  });

  test('of the only admin there is needs a fresh sign-in, and says so in the audit', async (t) => {
    const office = await openOffice(t);
    await office.change('users', office.mallory.id, { active: 0 });
    const { body } = await office.propose(office.ada, { document: changed });
    assert.equal((await office.approve(office.ada, body)).code, 'step_up_required');
    const fresh = { ...office.ada, authenticatedAt: office.clock.at - minute };
    assert.equal((await office.approve(fresh, body)).body.state, 'published');
    assert.equal((await office.entries('travelling')).at(-1)?.data['approval'], 'single-admin');
  });

  test('is tried without being proposed: its faults with their place, or what it would be', async (t) => {
    const office = await openOffice(t);
    const attempt = (document: string) =>
      office.call<{ version: number; unchanged: boolean }>('POST', '/v1/admin/templates/trials', {
        as: office.ada,
        body: { document },
      });
    assert.deepEqual((await attempt(changed)).body, {
      name: 'travelling',
      version: 2,
      title: 'Travelling without the registered device',
      unchanged: false,
    });
    assert.equal((await attempt(builtInTemplate('travelling'))).body.unchanged, true);
    assert.equal((await attempt('template: a')).code, 'template_invalid');
    const all = await office.call<{ items: unknown[] }>('GET', proposals, { as: office.ada });
    assert.deepEqual(all.body.items, []);
  });

  test('is read by its id, with the hash that a proof for its approval is bound to', async (t) => {
    const office = await openOffice(t);
    const { body } = await office.propose(office.ada, { document: changed });
    const read = await office.call<TemplateProposal>('GET', `${proposals}/${body.id}`, { as: office.bob });
    assert.equal(read.body.documentHash, sha256(changed));
    const other = await office.call('GET', `${proposals}/tpr_${'0'.repeat(32)}`, { as: office.bob });
    assert.equal(other.code, 'not_found');
  });

  test('is decided once', async (t) => {
    const office = await openOffice(t);
    const { body } = await office.propose(office.ada, { document: changed });
    const answers = await Promise.all([office.approve(office.mallory, body), office.approve(office.mallory, body)]);
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal((await office.versions('travelling')).length, 2);
    const path = `${proposals}/${body.id}/discard`;
    assert.equal((await office.call('POST', path, { as: office.ada, body: {} })).code, 'template_state');
  });

  test('is not approved over another change that came first', async (t) => {
    const office = await openOffice(t);
    const one = await office.propose(office.ada, { document: changed });
    const other = await office.propose(office.ada, { document: changed.replace('4d', '5d') });
    await office.approve(office.mallory, one.body);
    assert.equal((await office.approve(office.mallory, other.body)).code, 'conflict');
    const list = await office.call<{ items: TemplateProposal[] }>('GET', proposals, { as: office.bob });
    assert.deepEqual(
      list.body.items.map(({ state, outdated }) => [state, outdated]),
      [
        ['proposed', true],
        ['published', false],
      ],
    );
  });

  test('can be discarded, and nothing came of it', async (t) => {
    const office = await openOffice(t);
    const { body } = await office.propose(office.ada, { document: changed });
    const path = `${proposals}/${body.id}/discard`;
    const answer = await office.call('POST', path, { as: office.mallory, body: { reason: 'Too long' } });
    assert.equal(answer.status, 200);
    assert.equal((await office.approve(office.mallory, body)).code, 'template_state');
    assert.equal((await office.versions('travelling')).length, 1);
  });

  test('can be taken out of force, and then nobody is offered it', async (t) => {
    const office = await openOffice(t);
    const { body } = await office.propose(office.ada, { retire: 'travelling' });
    await office.approve(office.mallory, body);
    assert.deepEqual(
      (await office.versions('travelling')).map(({ current }) => current),
      [false],
    );
    const mine = await office.call<{ items: OfferedTemplate[] }>('GET', '/v1/templates', { as: office.laptop });
    assert.ok(!mine.body.items.some(({ name }) => name === 'travelling'));
    assert.equal((await office.propose(office.ada, { retire: 'travelling' })).code, 'template_unknown');
  });

  const bad: [string, Record<string, unknown>, string][] = [
    ['has faults', { document: 'template: x' }, 'template_invalid'],
    ['says what is in force', { document: builtInTemplate('audit') }, 'template_unchanged'],
    ['is taken out of force and never was in it', { retire: 'other' }, 'template_unknown'],
    ['says two things', { document: changed, retire: 'audit' }, 'malformed_request'],
    ['holds invisible characters', { document: `${changed}# \u202e` }, 'malformed_request'],
  ];
  for (const [title, body, code] of bad) {
    test(`is refused where it ${title}`, async (t) => {
      const office = await openOffice(t);
      assert.equal((await office.propose(office.ada, body)).code, code);
    });
  }

  test('is for admins: approvers read, and people do neither', async (t) => {
    const office = await openOffice(t);
    assert.equal((await office.propose(office.bob, { document: changed })).code, 'not_allowed');
    assert.equal((await office.call('GET', '/v1/admin/templates', { as: office.bob })).status, 200);
    assert.equal((await office.call('GET', '/v1/admin/templates', { as: office.erin })).code, 'not_allowed');
  });
});

describe('what people are offered', () => {
  const names = (items: readonly OfferedTemplate[]) => items.map(({ name }) => name);

  test('is what is for them and their device, with what it takes', async (t) => {
    const office = await openOffice(t);
    const ask = () => office.call<{ items: OfferedTemplate[] }>('GET', '/v1/templates', { as: office.laptop });
    const { items } = (await ask()).body;
    // Nobody has said whose device it is, and Erin is not on call.
    assert.ok(!names(items).includes('contractor-laptop') && !names(items).includes('emergency-access'));
    await office.change('devices', office.laptop.id, { ownership: 'personal' });
    await office.change('users', office.erin.id, { groups: '["on-call"]' });
    const after = (await ask()).body.items;
    assert.ok(names(after).includes('contractor-laptop') && names(after).includes('emergency-access'));
    const travelling = after.find(({ name }) => name === 'travelling');
    assert.deepEqual(travelling?.durationsSeconds, [14_400, 86_400, 259_200]);
    assert.equal(travelling.stepUp.request, 'second-factor');
    const mine = await office.call<{ items: OfferedTemplate[] }>('GET', '/v1/me/templates', { as: office.erin });
    assert.ok(names(mine.body.items).includes('contractor-laptop'));
  });

  test('demand 20: is published as a guide that says when and how, made of what is in force', async (t) => {
    const office = await openOffice(t);
    const answer = await office.call<string>('GET', '/v1/me/exception-guide', { as: office.erin });
    assert.equal(answer.headers['content-type'], 'text/markdown; charset=utf-8');
    assert.match(answer.body, /### Travelling without the registered device/);
    assert.match(
      answer.body,
      /- Firewall \(`base\/firewall`\): at most 8 hours, 12 hours with extensions, one approval\./,
    );
    assert.match(answer.body, /## Rules that nobody departs from\n\n- Clock/);
    assert.doesNotMatch(answer.body, /Emergency access/);
  });

  test('opens no link and no HTML, whatever an admin wrote into a title', async (t) => {
    const office = await openOffice(t);
    const hostile = changed.replace(
      'Travelling without the registered device',
      '"<img src=x> [a](https://evil.example)"',
    );
    const { body } = await office.propose(office.ada, { document: hostile });
    await office.approve(office.mallory, body);
    const guide = (await office.call<string>('GET', '/v1/me/exception-guide', { as: office.erin })).body;
    assert.doesNotMatch(guide, /<img|\]\(|https:\/\//);
  });
});

describe('an incident', () => {
  test('is opened and closed by approvers, once each, and recorded', async (t) => {
    const office = await openOffice(t);
    const put = (as: PersonCaller, body: object) =>
      office.call<{ open: boolean }>('PUT', '/v1/admin/incident', { as, body });
    assert.equal((await put(office.erin, { open: true })).code, 'not_allowed');
    await put(office.bob, { open: true, title: 'Mail is down' });
    await put(office.bob, { open: true, title: 'Mail is down' });
    const seen = await office.call<Record<string, unknown>>('GET', '/v1/admin/incident', { as: office.ada });
    assert.deepEqual([seen.body['open'], seen.body['title']], [true, 'Mail is down']);
    await put(office.ada, { open: false });
    const rows = await office.store.read
      .selectFrom('audit')
      .select('type')
      .where('type', 'like', 'incident.%')
      .orderBy('seq')
      .execute();
    assert.deepEqual(
      rows.map(({ type }) => type),
      ['incident.opened', 'incident.closed'],
    );
  });
});
