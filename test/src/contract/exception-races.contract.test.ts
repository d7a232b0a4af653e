import assert from 'node:assert/strict';
import { type Desk, openDesk } from '@postern/server/exceptions/testing/desk';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { hour } from '@postern/shared/time';
import { startBackend } from '../support/backend.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { resource } from '../support/scene.ts';
import { onBothStores } from './both-stores.ts';

/** Each race is run so often: who is first is not for the test to say. */
const rounds = 8;

type Answer = Awaited<ReturnType<Desk['act']>>;

const codes = (answers: readonly Pick<Answer, 'code'>[]) => answers.map(({ code }) => code ?? 'done').toSorted();

/** What waits is the same for every round, on a device of its own. */
async function waiting(desk: Desk, change: Record<string, unknown> = {}) {
  const laptop = await desk.addDevice(desk.erin);
  return { laptop, request: await desk.asked(change, laptop) };
}

/** Votes in the table and in the log; that each of the table is for the request as it is, is held too. */
async function votesOn({ store, entries }: Desk, { id }: { id: string }) {
  const rows = await store.read
    .selectFrom('exception_decisions')
    .innerJoin('exceptions', 'exceptions.id', 'exception_decisions.exception_id')
    .select(['actor_id', 'exception_decisions.request_hash as for', 'exceptions.request_hash as is'])
    .where('exception_id', '=', id)
    .execute();
  for (const row of rows) assert.equal(row.for, row.is, 'a vote is for the request as it is');
  const logged = (await entries(id))
    .filter(({ type }) => /^exception\.(approval-recorded|approved|denied)$/.test(type))
    .map(({ actor }) => String(actor));
  return { stored: rows.map(({ actor_id }) => actor_id).toSorted(), logged: logged.toSorted() };
}

async function liveOn(desk: Desk, device: { id: string }): Promise<ExceptionView[]> {
  const query = { device: device.id };
  const { body } = await desk.call<{ items: ExceptionView[] }>('GET', '/v1/admin/exceptions', { as: desk.ada, query });
  return body.items.filter(({ live }) => live);
}

onBothStores(
  'two approve at once what needs two: both votes are there, and it is granted once',
  async (t, database) => {
    const desk = await openDesk(t, await database.open());
    for (let round = 0; round < rounds; round += 1) {
      const { request } = await waiting(desk, { rules: ['base/disk'] });
      const answers = await Promise.all([
        desk.act(desk.bob, 'approve', request),
        desk.act(desk.eve, 'approve', request),
      ]);
      assert.deepEqual(codes(answers), ['done', 'done']);
      const { stored, logged } = await votesOn(desk, request);
      assert.deepEqual(stored, [desk.bob.id, desk.eve.id].toSorted());
      assert.deepEqual(logged, stored);
      assert.equal((await desk.audited(request)).filter((type) => type === 'exception.approved').length, 1);
      assert.equal((await desk.seen(request)).state, 'active');
    }
  },
);

onBothStores(
  'approved, denied and withdrawn at once: one of them is how it is, and whoever lost hears it',
  async (t, database) => {
    const desk = await openDesk(t, await database.open());
    for (let round = 0; round < rounds; round += 1) {
      const { laptop, request } = await waiting(desk);
      const answers = await Promise.all([
        desk.act(desk.bob, 'approve', request),
        desk.own('withdraw', request, {}, laptop),
        desk.act(desk.eve, 'deny', request),
      ]);
      assert.deepEqual(codes(answers), ['done', 'exception_state', 'exception_state']);
      const { state } = await desk.seen(request);
      const [approved, withdrawn] = answers;
      assert.equal(
        state,
        approved.code === undefined ? 'active' : withdrawn.code === undefined ? 'withdrawn' : 'denied',
      );
      const { stored, logged } = await votesOn(desk, request);
      assert.deepEqual(stored, logged);
      assert.equal((await liveOn(desk, laptop)).length, state === 'active' ? 1 : 0);
    }
  },
);

onBothStores(
  'an extension is approved as the first one runs out and is swept: never two live, never none for longer',
  async (t, database) => {
    const desk = await openDesk(t, await database.open());
    for (const early of [1, 0, -1]) {
      const laptop = await desk.addDevice(desk.erin);
      const first = await desk.granted({}, laptop);
      desk.pass(hour);
      const { body: second } = await desk.extend(first, '4h', laptop);
      desk.clock.at = Date.parse(String(first.expiresAt)) - early;
      const [approved] = await Promise.all([desk.act(desk.bob, 'approve', second), desk.sweep(), desk.sweep()]);
      assert.equal(approved.code, undefined);
      const live = await liveOn(desk, laptop);
      assert.deepEqual(
        live.map(({ id }) => id),
        [second.id],
      );
      assert.equal((await desk.seen(first)).state, early > 0 ? 'superseded' : 'expired');
      const ends = (await desk.audited(first)).filter((type) => /\.(superseded|expired)$/.test(type));
      assert.equal(ends.length, 1, 'it ends once');
      const owned = Object.values(await desk.places());
      assert.ok(owned.includes(second.id) && !owned.includes(first.id));
    }
  },
);

onBothStores('edited and approved at once: a vote for what it was never counts for what it is', async (t, database) => {
  const desk = await openDesk(t, await database.open());
  for (let round = 0; round < rounds; round += 1) {
    const { laptop, request } = await waiting(desk, { rules: ['base/disk'] });
    const { requestHash } = request;
    const [edited, ...votes] = await Promise.all([
      desk.own('edit', request, { duration: '1h' }, laptop),
      desk.act(desk.bob, 'approve', request, { requestHash }),
      desk.act(desk.eve, 'approve', request, { requestHash }),
    ]);
    const after = await desk.seen(request);
    const { stored } = await votesOn(desk, request);
    if (edited.code === undefined) {
      assert.equal(after.state, 'pending');
      assert.notEqual(after.requestHash, requestHash);
      assert.deepEqual(stored, [], 'every vote was for the other request');
    } else {
      assert.equal(edited.code, 'exception_state');
      assert.equal(after.state, 'active');
      assert.deepEqual(codes(votes), ['done', 'done']);
    }
  }
});

onBothStores('200 ask for one scope at the same instant: exactly one of them has it', async (t, database) => {
  const desk = await openDesk(t, await database.open());
  const answers = await Promise.all(Array.from({ length: 200 }, () => desk.ask()));
  const tally = Map.groupBy(answers, ({ code }) => code ?? 'done');
  assert.equal(tally.get('done')?.length, 1, JSON.stringify([...tally.keys()]));
  assert.equal(tally.get('exception_overlaps')?.length, 199, JSON.stringify([...tally.keys()]));
  const [row, ...more] = await desk.store.read.selectFrom('exceptions').select('id').execute();
  assert.ok(row && more.length === 0);
  assert.deepEqual(Object.values(await desk.places()), [row.id]);
});

onBothStores(
  '200 ask for what overlaps in part at the same instant: no two of them are open in one place',
  async (t, database) => {
    const desk = await openDesk(t, await database.open());
    const wishes = [['base/firewall'], ['base/firewall', 'base/disk'], ['base/disk', 'base/lock'], ['base/lock']];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => desk.ask({ rules: wishes[index % 4] })),
    );
    const done = answers.filter(({ code }) => code === undefined).map(({ body }) => body);
    const rules = done.flatMap((each) => each.rules);
    assert.ok(done.length >= 1 && new Set(rules).size === rules.length, rules.join());
    assert.equal(Object.keys(await desk.places()).length, rules.length);
  },
);

onBothStores(
  'revoked while tokens are asked for: none of them is worth anything afterwards, and there is no other',
  async (t, database) => {
    const backend = await startBackend(t, { POSTERN_DATABASE_URL: database.url });
    const admin = await backend.person('ada@example.org', ['admin']);
    const approver = await backend.person('bob@example.org', ['approver']);
    await backend.publish(firewallPolicy, admin);
    const gateway = await backend.gateway(admin, resource);
    const device = await HttpDevice.enroll(backend, admin);
    assert.equal((await device.attest({}, device.firewallOff())).status, 200);
    let granted = 0;
    for (let round = 0; round < rounds; round += 1) {
      const asked = await device.call('POST', '/v1/exceptions', {
        rules: ['baseline/firewall'],
        duration: '1h',
        justification: 'Customers are here all day',
      });
      const path = `/v1/admin/exceptions/${String(asked.body['id'])}`;
      const { requestHash } = asked.body;
      assert.equal((await approver.post(`${path}/approve`, { requestHash })).body['state'], 'active');
      // Signed beforehand, so that they race at the server.
      const signed = await Promise.all(
        Array.from({ length: 6 }, async () => ({
          resource,
          proofText: await device.proof('POST', '/oauth/token'),
          assertionText: await device.assertion(),
        })),
      );
      const [first, revoked, ...others] = await Promise.all([
        device.token(signed[0]),
        approver.post(`${path}/revoke`, {}),
        ...signed.slice(1).map((wish) => device.token(wish)),
      ]);
      const answers = [first, ...others];
      assert.equal(revoked.status, 200);
      const tokens = answers.filter(({ status }) => status === 200).map(({ body }) => String(body['access_token']));
      granted += tokens.length;
      for (const token of tokens) assert.deepEqual(await gateway.introspect(token), { active: false });
      assert.equal((await device.token({ resource })).body['error_code'], 'posture_refused');
    }
    t.diagnostic(`${granted} of ${rounds * 6} were granted before`);
  },
);
