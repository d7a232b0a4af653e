import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Api } from '../support/api.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { EventStream } from '../support/event-stream.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { onBothStores } from './both-stores.ts';

interface Found {
  people: { name: string }[];
  devices: { id: string; name: string }[];
}

async function list(api: Api, path: string): Promise<{ id: string; name: string }[]> {
  const { status, body } = await api.get(path);
  assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  return (body as unknown as { items: { id: string; name: string }[] }).items;
}

async function twoNodes(t: TestContext, databaseUrl: string): Promise<[Backend, Backend]> {
  const env = { POSTERN_DATABASE_URL: databaseUrl, POSTERN_MASTER_SECRET: 'm'.repeat(43) };
  const here = await startBackend(t, env);
  return [here, await startBackend(t, { ...env, POSTERN_ISSUER: here.server.deps.config.issuer })];
}

onBothStores('what is done at one node is told at another, and found there', async (t, database) => {
  const [here, there] = await twoNodes(t, database.url);
  const admin = await here.person('ada@example.org', ['admin']);
  const other = await there.person('ada@example.org', ['admin']);
  await here.publish(firewallPolicy, admin);

  const stream = await EventStream.by(other);
  t.after(() => stream.close());
  const device = await HttpDevice.enroll(here, admin);
  await device.attest({}, device.firewallOff());
  await stream.hears({ topic: 'devices', id: device.fake.id });
  const wish = { rules: ['baseline/firewall'], duration: '2h', justification: 'There is a printer in the way.' };
  const asked = String((await device.call('POST', '/v1/exceptions', wish)).body['id']);
  await stream.hears({ topic: 'exceptions', id: asked });

  const zoe = await admin.post('/v1/admin/users', { name: 'Zoë Ärmel', email: 'zoe@example.org', roles: ['employee'] });
  await stream.hears({ topic: 'people', id: String(zoe.body['id']) });
  for (const text of ['ärm', 'ZOE@', 'Zoë']) {
    const found = (await other.get(`/v1/admin/search?q=${encodeURIComponent(text)}`)).body as unknown as Found;
    assert.deepEqual(
      found.people.map(({ name }) => name),
      ['Zoë Ärmel'],
      text,
    );
  }
  const byId = (await other.get(`/v1/admin/search?q=${device.fake.id}`)).body as unknown as Found;
  assert.deepEqual(
    byId.devices.map(({ id }) => id),
    [device.fake.id],
  );
  for (const query of ['status=non-compliant', 'platform=linux&state=active', 'q=ada@'])
    assert.deepEqual(
      (await list(other, `/v1/admin/devices?${query}`)).map(({ id }) => id),
      [device.fake.id],
      query,
    );
  assert.deepEqual(await list(other, '/v1/admin/devices?status=compliant'), []);
});

onBothStores('a saved view is there at every node, and its name is taken once', async (t, database) => {
  const [here, there] = await twoNodes(t, database.url);
  const [ann, same] = [
    await here.person('ann@example.org', ['auditor']),
    await there.person('ann@example.org', ['auditor']),
  ];
  const view = { screen: '/devices', name: 'To look at', query: 'posture=stale' };
  const answers = await Promise.all([ann.post('/v1/me/views', view), same.post('/v1/me/views', view)]);
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, 409],
  );
  const [kept] = await list(same, '/v1/me/views?screen=/devices');
  assert.equal(kept?.name, view.name);
  assert.equal((await same.call('DELETE', `/v1/me/views/${kept?.id ?? ''}`)).status, 204);
  assert.deepEqual(await list(ann, '/v1/me/views'), []);
});
