import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { startReceiver, verified } from '@postern/server/notify/testing/receiver';
import { openStore } from '@postern/server/storage/open-store';
import { minute } from '@postern/shared/time';
import { onBothStores } from '../contract/both-stores.ts';
import { freePort } from '../support/free-port.ts';
import { runJson } from '../support/command.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const kills = 3;
const entriesPerLife = 40;

onBothStores('a server that is killed while it tells loses and doubles no message', async (t, database) => {
  const receiver = await startReceiver(t, (received, response) =>
    // Some are told again: what was sent when the server died is not known to have arrived.
    response.writeHead(received.body.includes('-7"') ? 503 : 200).end(),
  );
  const env = {
    POSTERN_DATABASE_URL: database.url,
    POSTERN_DATA: temporaryFolder(t, 'kill'),
    POSTERN_PORT: String(await freePort()),
    POSTERN_WEBHOOK_HOSTS: '127.0.0.1',
    POSTERN_LOG: 'error',
  };
  const first = await startServerProcess(env);
  t.after(() => first.child.kill('SIGKILL'));
  const events = ['--label', 'Tickets', '--json'];
  const { answer: hook } = await runJson<{ id: string; secret: string }>(
    'postern-server',
    ['webhook', 'add', receiver.url, ...events],
    env,
  );
  const store = await openStore(database.url);
  t.after(() => store.close());
  let told = 0;
  const publish = () => {
    const name = `policy-${(told += 1) % 10}`;
    const data = { label: name };
    const event = {
      type: 'policy.published' as const,
      outcome: 'success' as const,
      subject: { kind: 'policy', id: name },
      data,
    };
    return store.commit({ changes: [], audit: [{ ...event, at: Date.now(), actor: { kind: 'system', id: null } }] });
  };

  let { child } = first;
  for (let life = 0; life < kills; life += 1) {
    const writing = (async () => {
      for (let count = 0; count < entriesPerLife; count += 1) {
        await publish();
        await wait(15);
      }
    })();
    // A job runs once a second: this is before, while and after it does.
    await wait(950 + life * 30);
    await endProcess(child, 'SIGKILL');
    await writing;
    ({ child } = await startServerProcess(env));
    const { pid } = child;
    t.after(() => (child.pid === pid ? endProcess(child, 'SIGKILL') : undefined));
  }

  const entries = await store.read
    .selectFrom('audit')
    .select('seq')
    .where('type', '=', 'policy.published')
    .where('entry', 'like', '%"label":"policy-%')
    .execute();
  assert.equal(entries.length, kills * entriesPerLife);
  const expected = entries.map(({ seq }) => `audit:${seq}`).toSorted();
  const deliveries = async () =>
    await store.read
      .selectFrom('deliveries')
      .selectAll()
      .where('target', '=', hook.id)
      .where('type', '=', 'policy.published')
      .execute();
  const deadline = performance.now() + minute;
  while (performance.now() < deadline) {
    const rows = await deliveries();
    if (rows.length >= expected.length && rows.every(({ attempts }) => attempts > 0)) break;
    await wait(200);
  }
  const rows = await deliveries();
  assert.deepEqual(rows.map(({ event_id }) => event_id).toSorted(), expected);
  const notices = await store.read
    .selectFrom('notices')
    .select(['event_id', 'person_id'])
    .where('type', '=', 'policy.published')
    .execute();
  assert.equal(new Set(notices.map(({ person_id }) => person_id)).size, 1, 'the one admin');
  assert.deepEqual(notices.map(({ event_id }) => event_id).toSorted(), expected);

  const done = new Set(rows.filter(({ state }) => state === 'done').map(({ id }) => id));
  const arrived = new Set(
    receiver.received.map((each) => {
      verified(hook.secret, each);
      return String(each.headers['webhook-id']);
    }),
  );
  assert.deepEqual(
    [...done].filter((id) => !arrived.has(id)),
    [],
  );
});
