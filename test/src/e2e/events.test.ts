import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createUser } from '@postern/server/identity/index';
import { systemRandom } from '@postern/server/random';
import { openStore } from '@postern/server/storage/open-store';
import { Api } from '../support/api.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { EventStream } from '../support/event-stream.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { suiteScope } from '../support/scene.ts';

const system = { kind: 'system' as const, id: null };

async function listeners(backend: Backend): Promise<number> {
  const text = await (await fetch(`${backend.url}/metrics`)).text();
  return Number(/^postern_live_streams (\d+)$/m.exec(text)?.[1]);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 5000; performance.now() < end; await new Promise((go) => setTimeout(go, 10)))
    if (await holds()) return;
  assert.fail('that did not come true');
}

/** An admin who enrolls a device for somebody else. */
class EnrollsFor extends Api {
  readonly #owner: Api;
  constructor(admin: Api, owner: Api) {
    super(admin.url, admin.token);
    this.#owner = owner;
  }
  override get(path: string): ReturnType<Api['get']> {
    return path === '/v1/admin/session' ? this.#owner.get(path) : super.get(path);
  }
}

describe('what changes is told as it changes', () => {
  const scope = suiteScope();
  let backend: Backend;
  let admin: Api;

  before(async () => {
    backend = await startBackend(scope);
    admin = await backend.person('ada@example.org', ['admin']);
    await backend.publish(firewallPolicy, admin);
  });
  after(() => scope.clean());

  test('as a stream that nobody keeps: no store, no proxy', async () => {
    const stream = await EventStream.by(admin);
    assert.equal(stream.answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(stream.answer.headers.get('cache-control'), 'no-store');
    assert.equal(stream.answer.headers.get('x-accel-buffering'), 'no');
    stream.close();
  });

  test('within a second: what a device does, what people do, and to each what is theirs', async (t) => {
    const eve = await backend.person('eve@example.org', ['employee']);
    const bob = await backend.person('bob@example.org', ['employee']);
    const [ofAda, ofEve, ofBob] = [await EventStream.by(admin), await EventStream.by(eve), await EventStream.by(bob)];
    t.after(() => [ofAda, ofEve, ofBob].forEach((stream) => stream.close()));
    const device = await HttpDevice.enroll(backend, new EnrollsFor(admin, eve));
    await device.attest({}, device.firewallOff());
    assert.ok((await ofAda.hears({ topic: 'devices', id: device.fake.id })) < 1000);
    assert.ok((await ofEve.hears({ topic: 'devices', id: device.fake.id })) < 1000);
    const wish = { rules: ['baseline/firewall'], duration: '2h', justification: 'There is a printer in the way.' };
    const asked = await device.call('POST', '/v1/exceptions', wish);
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    const id = String(asked.body['id']);
    assert.ok((await ofAda.hears({ topic: 'exceptions', id })) < 1000);
    assert.ok((await ofEve.hears({ topic: 'exceptions', id })) < 1000);
    await backend.server.jobs.run('tell of what happened');
    await ofAda.hears({ topic: 'notices' });
    // That a token was made in his name is told to himself.
    assert.deepEqual(
      ofBob.told.filter(({ topic }) => topic !== 'notices'),
      [],
    );
  });

  test('within about a second: what another process commits to the same database', async () => {
    const stream = await EventStream.by(admin);
    const store = await openStore(backend.server.deps.config.databaseUrl);
    const add = (email: string) => {
      const wish = { name: 'Nell', email, roles: ['employee' as const] };
      return createUser({ store, random: systemRandom }, wish, system, backend.clock.now());
    };
    // What was there before the first look is no news: one that is heard says that there was a look.
    for (let count = 0; !stream.told.some(({ topic }) => topic === 'people'); count += 1) {
      const { id } = await add(`nell${count}@example.org`);
      await stream.hears({ topic: 'people', id }, 2000).catch(() => assert.ok(count < 2, 'nothing is heard'));
    }
    const { id } = await add('nell@example.org');
    await store.close();
    assert.ok((await stream.hears({ topic: 'people', id })) < 1500);
    stream.close();
  });

  test('to nobody who is not signed in, and to nobody any more who is not: signed out, deactivated, of another role', async () => {
    assert.equal((await EventStream.open(backend.url, {})).answer.status, 401);
    assert.equal((await EventStream.open(backend.url, { authorization: 'Bearer postern_admin_x' })).answer.status, 401);
    for (const change of [{ active: false }, { roles: ['employee'] }]) {
      const email = `${Object.keys(change).join()}@example.org`;
      const person = await backend.person(email, ['auditor']);
      const { body } = await person.get('/v1/admin/session');
      const stream = await EventStream.by(person);
      assert.equal((await admin.call('PATCH', `/v1/admin/users/${String(body['id'])}`, change)).status, 200);
      await stream.ended;
    }
  });

  test('and who goes away is forgotten, without a line in the log', async () => {
    await until(async () => (await listeners(backend)) === 0);
    const streams = await Promise.all(Array.from({ length: 20 }, () => EventStream.by(admin)));
    assert.equal(await listeners(backend), 20);
    assert.equal((await EventStream.by(admin)).answer.status, 429);
    for (const stream of streams) stream.close();
    await until(async () => (await listeners(backend)) === 0);
    const head = await fetch(`${backend.url}/v1/events`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${admin.token ?? ''}` },
    });
    assert.equal(head.status, 200);
    assert.equal(await listeners(backend), 0);
  });
});

test('a server that stops lets nobody wait who listens', async (t) => {
  const backend = await startBackend(t);
  const admin = await backend.person('ada@example.org', ['admin']);
  const stream = await EventStream.by(admin);
  const begun = performance.now();
  await backend.server.stop();
  await stream.ended;
  assert.ok(performance.now() - begun < 3000);
});
