import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startBackend } from '../support/backend.ts';
import { Demand, firewall } from './scene.ts';

const shipped = [
  'contractor-laptop',
  'travelling',
  'incident-response',
  'update-pending',
  'hardware-repair',
  'audit',
  'temporary-access',
  'emergency-access',
];

describe('scenarios', () => {
  test('demand 13: the defined scenarios are there from the start', async (t) => {
    const demand = await Demand.open(t);
    const { status, body } = await demand.people.auditor.get('/v1/admin/templates');
    assert.equal(status, 200);
    const names = (body['items'] as { name: string }[]).map(({ name }) => name);
    for (const name of shipped) assert.ok(names.includes(name), `${name} is not among ${names.join(', ')}`);
  });

  test('demand 14: what it takes depends on who asks and on what is at stake', async (t) => {
    const demand = await Demand.open(t);
    const engineers = `
template: engineers
kind: device
title: Engineers
description: For people who build things.
impact: The rule is not enforced.
for: { groups: [engineering] }
durations: [1h]
max_duration: 8h
conditions:
  - title: Not yet a senior
    when: '!("senior" in person.groups)'
    stages: [{ title: Second approver, approvals: 1 }]
`;
    await demand.publishTemplate(engineers);
    const refused = await demand.ask({ template: 'engineers', duration: '1h' });
    assert.equal(refused.body['error_code'], 'template_not_for_you', JSON.stringify(refused.body));
    const erin = await demand.idOf('erin@example.org');
    const put = (groups: string[]) => demand.people.ada.call('PATCH', `/v1/admin/users/${erin}`, { groups });
    await put(['engineering']);
    const junior = await demand.asked({ template: 'engineers', duration: '1h' });
    assert.equal((await demand.act('bob', junior, 'approve')).body['state'], 'pending');
    assert.equal((await demand.act('eve', junior, 'approve')).body['state'], 'active');
    await demand.act('bob', junior, 'revoke');
    await put(['engineering', 'senior']);
    const senior = await demand.asked({ template: 'engineers', duration: '1h' });
    assert.equal((await demand.act('bob', senior, 'approve')).body['state'], 'active');
  });

  test('demand 15: what is low in risk may be approved by a rule, what is not is looked at by somebody', async (t) => {
    const demand = await Demand.open(t);
    await demand.backend.publish(
      `
policy: extra
title: Extra
max_age: 1h
rules:
  - { id: uptime, title: Restarted, check: firewall, require: value.enabled, expected: on, severity: low, time_to_fix: '0', exceptions: { max_duration: 8h, max_total: 12h, approvals: 1, auto_approve: true } }
`,
      demand.people.ada,
    );
    await demand.publishTemplate(`
template: briefly
kind: device
title: Briefly
description: For a moment.
impact: The rule is not enforced.
durations: [15m, 2h]
max_duration: 8h
conditions:
  - title: Of little harm
    when: risk.severity == "low"
    auto_approve: true
`);
    const low = await demand.ask({ template: 'briefly', rules: ['extra/uptime'], duration: '15m' });
    assert.equal(low.body['state'], 'active', JSON.stringify(low.body));
    const high = await demand.ask({ template: 'briefly', rules: [firewall], duration: '15m' });
    assert.equal(high.body['state'], 'pending', JSON.stringify(high.body));
    const [, approved] = await demand.entries(String(low.body['id']));
    assert.equal((approved?.['data'] as { by: string } | undefined)?.by, 'Of little harm');
  });

  test('demand 20: when and how to opt out is published, to everybody', async (t) => {
    const demand = await Demand.open(t);
    const answer = await fetch(`${demand.backend.url}/v1/me/exception-guide`, {
      headers: { authorization: `Bearer ${demand.people.erin.token ?? ''}` },
    });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/markdown/);
    const guide = await answer.text();
    for (const say of [/contractor/i, /travelling/i, /approve/i, /8 hours|8h/]) assert.match(guide, say);
  });

  test('demand 44: a new server is ready without a line of code', async (t) => {
    const backend = await startBackend(t);
    const admin = await backend.person('admin@localhost', ['admin']);
    for (const path of ['/v1/admin/policies', '/v1/admin/templates']) {
      const { body } = await admin.get(path);
      assert.ok((body['items'] as unknown[]).length > 0, path);
    }
  });
});
