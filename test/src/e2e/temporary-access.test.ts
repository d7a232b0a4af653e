import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hour, minute } from '@postern/shared/time';
import { startBackend } from '../support/backend.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';

const resource = 'https://payroll.example';

interface Entry {
  id: string;
  role: string;
  state: string;
  begunAt: string;
  endedAt: string;
  endedBy: { id: string };
  approvedBy: { name: string }[];
  secondsInForce: number;
  tokens: { count: number; first: string; last: string };
}

test('access to a resource is asked for, approved, used, ended by a click, and found in the log', async (t) => {
  const backend = await startBackend(t);
  const admin = await backend.person('admin@localhost', ['admin']);
  assert.equal((await admin.post('/v1/admin/policies', { document: firewallPolicy })).status, 201);
  const bob = await backend.person('bob@example.org', ['approver']);
  const gateway = await backend.gateway(admin, resource);
  const device = await HttpDevice.enroll(backend, admin);
  assert.equal((await device.attest()).status, 200);

  // Open to every device that is fit, until it offers temporary access.
  const before = await device.accessToken(resource);
  const access = { roles: ['operator', 'reader'], templates: ['temporary-access'] };
  const offered = await admin.call('PUT', '/v1/admin/resources', { name: resource, tier: 'medium', access });
  assert.equal(offered.status, 200, JSON.stringify(offered.body));
  assert.deepEqual(await gateway.introspect(before), { active: false });
  const refused = await device.token({ resource });
  assert.deepEqual(
    [refused.status, refused.body['error'], refused.body['error_code'], refused.body['roles']],
    [403, 'access_denied', 'access_required', access.roles],
  );

  // What its person may ask for, and asks for.
  const offers = (await device.call('GET', '/v1/access')).body['offers'] as { resource: string }[];
  assert.deepEqual(
    offers.map((each) => each.resource),
    [resource],
  );
  const wish = {
    resource,
    role: 'operator',
    duration: '1h',
    justification: 'A wage was paid twice',
    reasonCode: 'support',
  };
  const asked = await device.call('POST', '/v1/access', wish);
  assert.equal(asked.status, 201, JSON.stringify(asked.body));
  const id = String(asked.body['id']);
  assert.equal((await device.token({ resource })).body['error_code'], 'access_required', 'asking opens nothing');
  const { requestHash } = asked.body;
  const own = await admin.post(`/v1/admin/exceptions/${id}/approve`, { requestHash });
  assert.equal(own.body['error_code'], 'self_approval');
  const approved = await bob.post(`/v1/admin/exceptions/${id}/approve`, { requestHash });
  assert.deepEqual([approved.status, approved.body['state']], [200, 'approved'], JSON.stringify(approved.body));

  // Its first use begins it: an hour from then on.
  backend.clock.advance(10 * minute);
  const token = await device.accessToken(resource);
  const known = await gateway.introspect(token);
  assert.deepEqual([known['active'], known['grant'], known['roles']], [true, { id }, ['operator']]);
  backend.clock.advance(4 * minute);
  const last = await device.accessToken(resource);
  backend.clock.advance(minute / 2);

  // Ended by a click: within a second its tokens are worth nothing, and there is no other.
  assert.equal((await bob.post(`/v1/me/access/${id}/end`, { reason: 'It is done' })).status, 200);
  const endedAt = performance.now();
  assert.deepEqual(await gateway.introspect(token), { active: false });
  assert.deepEqual(await gateway.introspect(last), { active: false });
  assert.ok(performance.now() - endedAt < 1000);
  assert.equal((await device.token({ resource })).body['error_code'], 'access_required');

  // Who accessed what, when, for how long.
  backend.clock.advance(hour);
  const log = await admin.get(`/v1/admin/access/log?resource=${encodeURIComponent(resource)}`);
  const [entry, ...others] = log.body['items'] as Entry[];
  assert.equal(others.length, 0);
  assert.deepEqual(
    [entry?.id, entry?.role, entry?.state, entry?.approvedBy.map(({ name }) => name)],
    [id, 'operator', 'revoked', ['bob']],
  );
  assert.ok(Math.abs((entry?.secondsInForce ?? 0) - 270) <= 5, `${entry?.secondsInForce} s in force`);
  assert.equal(entry?.tokens.count, 2);
  assert.equal(entry.tokens.first, entry.begunAt);
  const audit = await admin.get(`/v1/admin/audit?subject=${id}`);
  const types = (audit.body['items'] as { type: string }[]).map(({ type }) => type).toReversed();
  assert.deepEqual(types, [
    'exception.requested',
    'exception.decision-refused',
    'exception.approved',
    'exception.begun',
    'exception.revoked',
  ]);
});
