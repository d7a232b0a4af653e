import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AccessLogEntry } from '@postern/shared/protocol/access';
import { hour, minute, toTimestamp } from '@postern/shared/time';
import { insert, updateOne } from '../../storage/change.ts';
import { type AccessDesk, openAccessDesk } from './testing/access-desk.ts';

interface Page {
  items: AccessLogEntry[];
  next: string | null;
}

const read = async (desk: AccessDesk, query: Record<string, unknown> = {}, as = desk.ada) =>
  (await desk.call<Page>('GET', '/v1/admin/access/log', { as, query })).body;

/** What the first token under a grant writes. */
async function begin(desk: AccessDesk, id: string): Promise<void> {
  const now = desk.clock.at;
  await desk.store.commit({
    changes: [updateOne('exceptions', { id }, { begins_at: now, expires_at: now + hour, version: 3 })],
    audit: [],
  });
}

let tokens = 0;
async function token(desk: AccessDesk, grantId: string | null): Promise<void> {
  tokens += 1;
  const row = { id: `tok_${tokens}`, device_id: desk.laptop.id, person_id: desk.erin.id, resource: 'r', scope: null };
  const times = { issued_at: desk.clock.at, expires_at: desk.clock.at + hour, revoked_at: null };
  const change = insert('access_tokens', { ...row, ...times, exceptions: '[]', grant_id: grantId, for_person: 0 });
  await desk.store.commit({ changes: [change], audit: [] });
}

describe('the access log', () => {
  test('says who had access to what, when, for how long, and the tokens in between', async (t) => {
    const desk = await openAccessDesk(t);
    const asked = desk.clock.at;
    const { id } = await desk.granted({ ticket: 'OPS-7' });
    desk.pass(10 * minute);
    await begin(desk, id);
    for (const _ of ['first', 'second', 'last']) {
      await token(desk, id);
      await token(desk, null);
      desk.pass(5 * minute);
    }
    await desk.end(desk.eve, { id }, { reason: 'It is done' });
    desk.pass(hour);
    const [entry, ...others] = (await read(desk)).items;
    assert.deepEqual(others, []);
    const at = (minutes: number) => toTimestamp(asked + minutes * minute);
    assert.deepEqual(entry, {
      id,
      person: { id: desk.erin.id, name: 'Erin' },
      device: { id: desk.laptop.id, name: "Erin's laptop" },
      resource: desk.resources.payroll,
      role: 'operator',
      template: 'for-a-while',
      reasonCode: null,
      ticket: 'OPS-7',
      justification: 'A wage was paid twice',
      emergency: false,
      requestedAt: at(0),
      requestedBy: { id: desk.erin.id, name: 'Erin' },
      approvedAt: at(0),
      approvedBy: [{ id: desk.bob.id, name: 'Bob' }],
      autoApprovedBy: null,
      begunAt: at(10),
      expiresAt: at(70),
      state: 'revoked',
      endedAt: at(25),
      endedBy: { id: desk.eve.id, name: 'Eve' },
      endedReason: 'It is done',
      secondsInForce: 15 * 60,
      tokens: { count: 3, first: at(10), last: at(20) },
    });
  });

  test('costs one query, and one for where the next page begins, whatever there is', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.granted();
    const before = desk.store.roundTrips().reads;
    await read(desk);
    assert.equal(desk.store.roundTrips().reads - before, 2);
  });

  test('counts the time up to now, never beyond the end, and none of what was never begun', async (t) => {
    const desk = await openAccessDesk(t);
    const { id } = await desk.granted();
    const seconds = async () => {
      const [entry] = (await read(desk)).items;
      return [entry?.state, entry?.secondsInForce, entry?.begunAt === null];
    };
    assert.deepEqual(await seconds(), ['approved', 0, true]);
    await begin(desk, id);
    desk.pass(20 * minute);
    assert.deepEqual(await seconds(), ['active', 20 * 60, false]);
    desk.pass(2 * hour);
    assert.deepEqual(await seconds(), ['expired', 3600, false], 'though nobody has announced it');
    await desk.sweep();
    assert.deepEqual(await seconds(), ['expired', 3600, false]);
    const unused = await desk.granted();
    desk.pass(3 * hour);
    const [entry] = (await read(desk)).items;
    assert.deepEqual([entry?.id, entry?.state, entry?.secondsInForce], [unused.id, 'expired', 0]);
  });

  test('holds what was granted, and nothing that was only asked for', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.asked();
    assert.deepEqual((await read(desk)).items, []);
  });

  test('is found by person, resource and time, page by page', async (t) => {
    const desk = await openAccessDesk(t);
    const start = desk.clock.at;
    await desk.offer(desk.resources.wiki, { roles: ['operator'], templates: ['for-a-while'] });
    const first = await desk.granted();
    await begin(desk, first.id);
    desk.pass(5 * hour);
    const second = await desk.granted({ resource: desk.resources.wiki });
    await begin(desk, second.id);
    const ids = async (query: Record<string, unknown>) => (await read(desk, query)).items.map(({ id }) => id);
    assert.deepEqual(await ids({ person: desk.erin.id }), [second.id, first.id]);
    assert.deepEqual(await ids({ person: desk.bob.id }), []);
    assert.deepEqual(await ids({ resource: desk.resources.wiki }), [second.id]);
    assert.deepEqual(await ids({ resource: "x'] or 1=1 --" }), []);
    const at = (instant: number) => toTimestamp(start + instant);
    assert.deepEqual(await ids({ from: at(2 * hour) }), [second.id]);
    assert.deepEqual(await ids({ to: at(2 * hour) }), [first.id]);
    assert.deepEqual(await ids({ from: at(hour), to: at(5 * hour) }), [], 'ends and beginnings are not in between');
    const page = await read(desk, { limit: '1' });
    assert.deepEqual([page.items[0]?.id, page.next], [second.id, second.id]);
    assert.deepEqual(await ids({ limit: '1', after: page.next }), [first.id]);
  });

  test('is a table too, in which nothing that people wrote is a formula', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.granted({ justification: '=HYPERLINK("https://evil.example","pay")' });
    const answer = await desk.call<string>('GET', '/v1/admin/access/log', { as: desk.ada, query: { format: 'csv' } });
    assert.equal(answer.headers['Content-Type'], 'text/csv; charset=utf-8');
    const [head, row] = answer.body.split('\r\n');
    assert.equal(head?.split(',')[0], 'id');
    assert.ok(row?.includes(`"'=HYPERLINK(""https://evil.example"",""pay"")"`));
  });

  test('is for approvers, admins and auditors', async (t) => {
    const desk = await openAccessDesk(t);
    for (const as of [desk.bob, desk.ada, await desk.addPerson('Audrey', ['auditor'])])
      assert.deepEqual((await read(desk, {}, as)).items, []);
    for (const path of ['/v1/admin/access', '/v1/admin/access/log'])
      assert.equal((await desk.call('GET', path, { as: desk.erin })).code, 'not_allowed');
  });

  test('that somebody read it is recorded before they see it, once for a person, a filter and a minute', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.granted();
    const reads = async () => {
      const rows = await desk.store.read.selectFrom('audit').select('entry').where('type', '=', 'audit.read').execute();
      return rows.map(({ entry }) => JSON.parse(entry) as { actor: { id: string }; data: unknown });
    };
    for (const _ of ['first', 'again', 'again']) await read(desk, { person: desk.erin.id });
    const [entry, ...more] = await reads();
    assert.equal(more.length, 0);
    assert.equal(entry?.actor.id, desk.ada.id);
    const filter = { format: 'json', person: desk.erin.id };
    assert.deepEqual(entry.data, { what: 'access-log', filter, entries: 1 });
    await read(desk, { person: desk.erin.id }, desk.bob);
    await read(desk, { resource: 'Somebody whose name I typed', format: 'json' });
    const [, ofBob, nothing] = await reads();
    assert.equal(ofBob?.actor.id, desk.bob.id);
    assert.deepEqual(nothing?.data, { what: 'access-log', filter: { format: 'json' }, entries: 0 });
    desk.pass(minute);
    await read(desk, { person: desk.erin.id });
    assert.deepEqual(
      (await reads()).slice(3).map(({ data }) => data),
      [
        { what: 'access-log', filter, entries: 2, times: 2 },
        { what: 'access-log', filter, entries: 1 },
      ],
    );
  });
});

test('the list of temporary access holds nothing else', async (t) => {
  const desk = await openAccessDesk(t);
  const body = { rules: ['base/firewall'], duration: '2h', justification: 'Customers are here' };
  await desk.call('POST', '/v1/exceptions', { as: desk.laptop, body });
  const { id } = await desk.asked();
  const list = await desk.call<{ items: { id: string }[] }>('GET', '/v1/admin/access', { as: desk.ada });
  assert.deepEqual(
    list.body.items.map((each) => each.id),
    [id],
  );
});
