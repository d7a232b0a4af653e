import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import { type Instant, minute, second } from '@postern/shared/time';
import { startBackend } from '../support/backend.ts';
import { app, Demand, firewall } from './scene.ts';

/** Puts a template into force as admins do: one proposes it, another one approves it. */
async function publish({ people }: Demand, document: string): Promise<void> {
  const proposed = await people.ada.post('/v1/admin/templates/proposals', { document });
  assert.equal(proposed.status, 201, JSON.stringify(proposed.body));
  const path = `/v1/admin/templates/proposals/${String(proposed.body['id'])}/approve`;
  const approved = await people.admin.post(path, {});
  assert.equal(approved.status, 200, JSON.stringify(approved.body));
}

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
    await publish(demand, engineers);
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
    await publish(
      demand,
      `
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
`,
    );
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

  test('demand 37: the laptop of a contractor, and travelling without the device: asked, approved, working', async (t) => {
    const demand = await Demand.open(t);
    const { laptop, people } = demand;
    const owned = await people.ada.post(`/v1/admin/devices/${laptop.fake.id}/ownership`, {
      ownership: 'personal',
      reason: 'Erin works on her own machine',
    });
    assert.ok(owned.status < 300, JSON.stringify(owned.body));
    const disk = reading({ state: 'partial', volumes: [] }, demand.backend.clock.now());
    await laptop.attest({}, { 'disk-encryption': disk });
    assert.equal(await demand.refusal(), 'posture_refused');
    const wish = { rules: ['baseline/encryption'], resources: [app], template: 'contractor-laptop' };
    assert.equal((await demand.ask(wish)).body['error_code'], 'reason_code_required');
    const id = await demand.asked({ ...wish, duration: '8h', reasonCode: 'contract-work' });
    await demand.act('bob', id, 'approve');
    assert.equal((await demand.act('eve', id, 'approve')).body['state'], 'active');
    assert.equal(await demand.refusal(), undefined);
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

describe('before it is decided', () => {
  test('demand 8: scope and consequences are shown before anybody asks, and change nothing', async (t) => {
    const demand = await Demand.open(t);
    const wish = { rules: [firewall], resources: [app], duration: '2h', justification: 'Customers are here all day' };
    const { status, body } = await demand.laptop.call('POST', '/v1/exceptions/preview', wish);
    assert.equal(status, 200, JSON.stringify(body));
    const text = JSON.stringify(body);
    for (const say of [firewall, app, 'baseline/screen-lock'])
      assert.ok(text.includes(say), `${say} is not in ${text}`);
    assert.deepEqual((await demand.people.ada.get('/v1/admin/exceptions')).body['items'], []);
  });

  test('demand 40: where a template demands it, nobody approves without a second factor', async (t) => {
    const demand = await Demand.open(t);
    const careful = `
template: careful
kind: device
title: Careful
description: With a second look.
impact: The rule is not enforced.
durations: [1h]
max_duration: 8h
step_up: { approval: second-factor }
`;
    await publish(demand, careful);
    const { people } = demand;
    const id = await demand.asked({ template: 'careful', duration: '1h' });
    const refused = await demand.act('bob', id, 'approve');
    assert.ok(
      ['step_up_required', 'second_factor_missing'].includes(String(refused.body['error_code'])),
      JSON.stringify(refused.body),
    );
    const app = await people.bob.post('/v1/me/authenticator-app', {});
    assert.equal(app.status, 201, JSON.stringify(app.body));
    const code = () => codeOf(String(app.body['secret']), demand.backend.clock.now());
    const confirmed = await people.bob.post('/v1/me/authenticator-app/confirm', { code: code() });
    assert.equal(confirmed.status, 204, JSON.stringify(confirmed.body));
    const approve = (given: string) => demand.act('bob', id, 'approve', { stepUp: { kind: 'code', code: given } });
    const spent = code();
    assert.equal((await approve(spent)).status, 403, 'a code counts once');
    assert.equal((await demand.seen(id))['state'], 'pending');
    demand.backend.clock.advance(minute);
    const approved = await approve(code());
    assert.equal(approved.body['state'], 'active', JSON.stringify(approved.body));
  });
});

describe('watching', () => {
  test('demand 10: analytics show how often people opt out of which rule', async (t) => {
    const demand = await Demand.open(t);
    await demand.granted();
    const { status, body } = await demand.people.ada.get('/v1/admin/analytics/exception-rate');
    assert.equal(status, 200, JSON.stringify(body));
    assert.match(JSON.stringify(body), /baseline\/firewall/);
  });

  test('demand 7: those who have to know are told that somebody asked', async (t) => {
    const demand = await Demand.open(t);
    await told(demand, 'bob');
    const id = await demand.asked();
    assert.deepEqual(await told(demand, 'bob'), [`exception.requested ${id}`]);
    assert.deepEqual(await told(demand, 'max'), []);
  });

  test('demand 17: an opt-out that takes effect is announced to its person and to those who decide', async (t) => {
    const demand = await Demand.open(t);
    await told(demand, 'erin');
    const id = await demand.granted();
    assert.ok((await told(demand, 'erin')).includes(`exception.approved ${id}`));
  });

  test('demand 50: every session tells of its begin and of its end, so that it can be seen to have worked', async (t) => {
    const demand = await Demand.open(t);
    await told(demand, 'erin');
    const first = await demand.granted();
    await demand.act('bob', first, 'revoke');
    const second = await demand.granted();
    const heard = await told(demand, 'erin');
    for (const say of [`exception.approved ${first}`, `exception.revoked ${first}`, `exception.approved ${second}`])
      assert.ok(heard.includes(say), `${say} is not in ${heard.join()}`);
    assert.equal(await demand.refusal(), undefined, 'and it did work');
  });

  test('demand 53: what is in force, and what is done with it, is there to be watched as it happens', async (t) => {
    const demand = await Demand.open(t);
    const id = await demand.granted();
    const token = await demand.laptop.accessToken(app);
    const { body } = await demand.people.auditor.get('/v1/admin/exceptions?state=active');
    assert.deepEqual(
      (body['items'] as { id: string; live: boolean }[]).map(({ id, live }) => [id, live]),
      [[id, true]],
    );
    const { posture } = (await demand.gateway.introspect(token)) as { posture: { exc: string[] } };
    assert.deepEqual(posture.exc, [id], 'every token names it');
    const log = await demand.people.auditor.get('/v1/admin/audit?limit=5');
    const issued = (log.body['items'] as Record<string, unknown>[]).find(({ type }) => type === 'token.issued');
    assert.ok(JSON.stringify(issued?.['data']).includes(id));
    await demand.act('bob', id, 'revoke');
    const after = await demand.people.auditor.get('/v1/admin/exceptions?state=active');
    assert.deepEqual(after.body['items'], []);
  });
});

/** Of what somebody was told so far, as `type subject`, oldest first. */
async function told(demand: Demand, by: 'bob' | 'erin' | 'max'): Promise<string[]> {
  await demand.backend.server.jobs.run('tell of what happened');
  const { status, body } = await demand.people[by].get('/v1/me/notices');
  assert.equal(status, 200);
  const items = body['items'] as { type: string; subject: string | null }[];
  return items.map(({ type, subject }) => `${type} ${subject}`).toReversed();
}

/** RFC 6238, as an authenticator app computes it from a secret in base32. */
function codeOf(secret: string, now: Instant): string {
  const bits = Array.from(secret.replace(/=+$/, ''))
    .map((each) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(each).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / (30 * second))));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
}
