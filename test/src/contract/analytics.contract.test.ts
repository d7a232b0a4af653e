import assert from 'node:assert/strict';
import { analyticsRoutes, viewReport, viewReports } from '@postern/server/analytics/index';
import { watchForAbuse } from '@postern/server/analytics/watch';
import { callRoute } from '@postern/server/http/testing/call-route';
import { createCurrentPolicies } from '@postern/server/policy/index';
import { systemRandom } from '@postern/server/random';
import { exceptionId, openReviewDesk } from '@postern/server/reviews/testing/review-desk';
import { type Change, insert, updateAny } from '@postern/server/storage/change';
import type { Database } from '@postern/server/storage/database';
import type { Store } from '@postern/server/storage/store';
import { type AnalyticsReport, analyticsSchema, type ReportName } from '@postern/shared/protocol/analytics';
import { day, hour, minute } from '@postern/shared/time';
import { onBothStores } from './both-stores.ts';
import { device, user } from './records.ts';
import { seededRandom } from '../support/seeded-random.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const id = (prefix: string, number: number) => `${prefix}_${String(number).padStart(32, '0')}`;
const rules = ['base/firewall', 'base/disk', 'base/lock'];
const wiki = 'https://wiki.example';
const payroll = 'https://payroll.example';

type Row = Database['exceptions'];
type Vote = Database['exception_decisions'];

function exception(number: number, changes: Partial<Row>): Row {
  const at = changes.requested_at ?? now - hour;
  return {
    id: id('exc', number),
    kind: 'device',
    state: 'active',
    person_id: id('usr', 1),
    requested_by: changes.person_id ?? id('usr', 1),
    device_id: id('dev', 1),
    jkt: 'jkt',
    rules: '["base/firewall"]',
    resources: '[]',
    observed: '{}',
    duration_ms: hour,
    justification: `Because of reason ${number}`,
    ticket: null,
    request_hash: 'h',
    approvals_needed: 1,
    extends_id: null,
    requested_at: at,
    lapses_at: at + day,
    approved_at: at,
    expires_at: at + 2 * hour,
    ended_at: null,
    ended_by: null,
    ended_reason: null,
    version: 2,
    role: null,
    template: null,
    template_version: null,
    reason_code: null,
    set_id: null,
    emergency: 0,
    starts_at: null,
    begins_at: at,
    plan: '{}',
    requested_authn: null,
    reminded_ms: null,
    ...changes,
  };
}

function posture(deviceId: string, failing: object): Change {
  return insert('postures', {
    device_id: deviceId,
    seq: 1,
    readings: '{}',
    readings_hash: 'h',
    failing_since: JSON.stringify(failing),
    hardware_hash: null,
    changed_at: now,
    flips: '{}',
    os_build: null,
  });
}

function vote(exceptionId: string, actor: string, verdict: string, at: number): Vote {
  return {
    exception_id: exceptionId,
    actor_id: actor,
    verdict,
    reason: null,
    at,
    request_hash: 'h',
    authn: null,
    channel: 'api',
  };
}

const people = 6;
const devices = 12;

/** A fleet in which everything happens at random, and what happened. */
async function history(store: Store, seed: number) {
  const random = seededRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] ?? assert.fail();
  const changes: Change[] = [];
  for (let number = 1; number <= people; number += 1) changes.push(user(id('usr', number)));
  const failing = new Map<string, Record<string, object>>();
  for (let number = 1; number <= devices; number += 1) {
    const deviceId = id('dev', number);
    const since = { since: now - day, failed: true };
    const own = Object.fromEntries(
      rules
        .filter(() => random() < 0.6)
        .map((rule) => [rule, random() < 0.2 ? { ...since, countedSince: null } : since]),
    );
    failing.set(deviceId, own);
    changes.push(device(deviceId, id('usr', 1 + below(people))), posture(deviceId, own));
  }
  const rows: Row[] = [];
  const votes: Vote[] = [];
  for (let number = 1; number <= 120; number += 1) {
    const requested = now - below(40 * day);
    const state = pick(['pending', 'active', 'active', 'expired', 'denied', 'lapsed', 'revoked']);
    const granted = ['active', 'expired', 'revoked'].includes(state);
    const approved = granted ? requested + below(2 * hour) : null;
    const row = exception(number, {
      state,
      person_id: id('usr', 1 + below(people)),
      requested_by: id('usr', 1 + below(people)),
      device_id: id('dev', 1 + below(devices)),
      rules: JSON.stringify(rules.filter(() => random() < 0.4).concat('base/extra')),
      resources: random() < 0.5 ? '[]' : JSON.stringify([payroll]),
      justification: random() < 0.5 ? 'The same AGAIN, 12!' : `Because of ${String.fromCodePoint(97 + below(26))}`,
      requested_at: requested,
      lapses_at: requested + day,
      approved_at: approved,
      begins_at: approved,
      expires_at: approved === null ? null : approved + below(20 * day) + 1,
      ended_at: state === 'revoked' ? now - minute : null,
    });
    rows.push(row);
    changes.push(insert('exceptions', row));
    if (state !== 'pending' && state !== 'lapsed')
      votes.push(
        vote(row.id, id('usr', 1 + below(people)), state === 'denied' ? 'deny' : 'approve', requested + below(hour)),
      );
  }
  changes.push(...votes.map((each) => insert('exception_decisions', each)));
  await store.commit({ changes, audit: [] });
  return { rows, votes, failing };
}

const inForce = (row: Row) =>
  row.state === 'active' && (row.begins_at ?? Infinity) <= now && now < (row.expires_at ?? 0) && row.ended_at === null;
const ruleList = (row: Row) => JSON.parse(row.rules) as string[];
const isRecent = (row: Row) => row.requested_at >= now - 30 * day;

const valuesOf = (report: AnalyticsReport, ...names: string[]) =>
  Object.fromEntries(report.rows.map((row) => [row.subject, names.map((name) => row.values[name])]));

onBothStores('what reports say of random histories is what counting by hand gives', async (_t, database) => {
  const store = await database.open();
  const { rows, votes, failing } = await history(store, 7);
  const deps = { store, policies: createCurrentPolicies(store) };
  const report = (name: ReportName) => viewReport(deps, name, { days: 30, most: 10_000 }, now);

  const rates: Record<string, number[]> = {};
  for (const rule of rules) {
    const failed = [...failing].filter(([, own]) => own[rule] !== undefined && !('countedSince' in own[rule]));
    const excepted = failed.filter(([deviceId]) =>
      rows.some((row) => inForce(row) && row.device_id === deviceId && ruleList(row).includes(rule)),
    );
    if (failed.length > 0) rates[rule] = [excepted.length, failed.length];
  }
  assert.deepEqual(valuesOf(await report('exception-rate'), 'excepted', 'failing'), rates);

  const repeats: Record<string, number[]> = {};
  for (const row of rows.filter(isRecent))
    for (const rule of ruleList(row)) {
      const key = `${row.person_id} ${rule}`;
      repeats[key] = [(repeats[key]?.[0] ?? 0) + 1];
    }
  const repeated = Object.fromEntries(Object.entries(repeats).filter(([, [count = 0]]) => count > 1));
  assert.deepEqual(valuesOf(await report('repeat-requesters'), 'requests'), repeated);

  const decided: Record<string, number[]> = {};
  for (const each of votes) {
    const row = rows.find((one) => one.id === each.exception_id) ?? assert.fail();
    if (isRecent(row)) decided[each.actor_id] = [(decided[each.actor_id]?.[0] ?? 0) + 1];
  }
  assert.deepEqual(valuesOf(await report('approvers'), 'decisions'), decided);

  const given = (by: string, to: string) =>
    votes.filter(({ exception_id, actor_id, verdict }) => {
      const row = rows.find((one) => one.id === exception_id) ?? assert.fail();
      const isFor = row.person_id === to || row.requested_by === to;
      return actor_id === by && verdict === 'approve' && isFor && isRecent(row);
    }).length;
  const pairs: Record<string, number[]> = {};
  for (let left = 1; left <= people; left += 1)
    for (let right = left + 1; right <= people; right += 1) {
      const [there, back] = [given(id('usr', left), id('usr', right)), given(id('usr', right), id('usr', left))];
      if (there > 0 && back > 0) pairs[`${id('usr', left)} ${id('usr', right)}`] = [there, back];
    }
  assert.deepEqual(valuesOf(await report('reciprocal-pairs'), 'there', 'back'), pairs);

  const answered = rows.filter((row) => isRecent(row) && !(row.state === 'pending' && row.lapses_at > now));
  const unanswered = answered.filter(({ state }) => state === 'pending' || state === 'lapsed').length;
  assert.deepEqual(valuesOf(await report('lapsed'), 'requests', 'lapsed'), { all: [answered.length, unanswered] });

  const open = rows.filter((row) => (row.state === 'pending' && row.lapses_at > now) || inForce(row));
  assert.deepEqual(
    (await report('outstanding')).rows.map(({ subject }) => subject).toSorted(),
    open.map((row) => row.id).toSorted(),
  );
  const idle = rows.filter((row) => inForce(row) && now - (row.begins_at ?? now) >= 48 * hour);
  assert.deepEqual(
    (await report('unused')).rows.map(({ subject }) => subject).toSorted(),
    idle.map((row) => row.id).toSorted(),
  );

  const indebted = new Set(rows.filter(inForce).map((row) => row.device_id));
  const debts = new Map<string, Set<number>>();
  for (const row of rows) {
    if (row.begins_at === null || row.expires_at === null) continue;
    const to = Math.min(row.ended_at ?? now, row.expires_at, now);
    const minutes = debts.get(row.device_id) ?? new Set();
    for (let at = Math.ceil(row.begins_at / minute); at * minute < to; at += 1) minutes.add(at);
    debts.set(row.device_id, minutes);
  }
  const debtors = (await report('exception-debt')).rows;
  assert.deepEqual(new Set(debtors.map(({ subject }) => subject)), indebted);
  for (const { subject, values } of debtors)
    assert.ok(Math.abs(Number(values['days']) - (debts.get(subject)?.size ?? 0) / (24 * 60)) < 0.11, subject);

  const all = analyticsSchema.parse(await viewReports(deps, 30, now));
  assert.equal(all.reports.length, 17);
});

onBothStores(
  'a token that leaned on an exception, and one that tried where it may not, are found',
  async (_t, database) => {
    const store = await database.open();
    const old = { requested_at: now - 3 * day, expires_at: now + day };
    const token = (
      subject: string,
      data: Record<string, string[] | string>,
      type: 'token.issued' | 'token.refused',
    ) => ({
      at: now - hour,
      type,
      outcome: 'success' as const,
      actor: { kind: 'device' as const, id: id('dev', 1) },
      subject: { kind: 'token', id: subject },
      data,
    });
    await store.commit({
      changes: [
        user(id('usr', 1)),
        device(id('dev', 1), id('usr', 1)),
        insert('exceptions', exception(1, old)),
        insert('exceptions', exception(2, old)),
        insert('exceptions', exception(3, { ...old, resources: JSON.stringify([payroll]), rules: '["base/disk"]' })),
        insert('access_tokens', {
          id: id('tok', 1),
          device_id: id('dev', 1),
          person_id: id('usr', 1),
          resource: wiki,
          scope: null,
          for_person: 0,
          issued_at: now - hour,
          expires_at: now,
          exceptions: JSON.stringify([id('exc', 2)]),
          revoked_at: null,
          grant_id: null,
        }),
      ],
      audit: [
        // The token itself was cleaned up long ago.
        token('t', { resource: payroll, exceptions: [id('exc', 3)] }, 'token.issued'),
        token('u', { code: 'posture_refused', resource: wiki, rules: ['base/disk'] }, 'token.refused'),
        token('u', { code: 'evidence_stale', resource: wiki, rules: ['base/disk'] }, 'token.refused'),
      ],
    });
    const deps = { store, policies: createCurrentPolicies(store) };
    const subjects = async (name: ReportName) =>
      (await viewReport(deps, name, { days: 30, most: 100 }, now)).rows.map(({ subject }) => subject);
    assert.deepEqual(await subjects('unused'), [id('exc', 1)]);
    assert.deepEqual(await subjects('outside-scope'), [`${id('exc', 3)} ${wiki}`]);
  },
);

onBothStores('of several nodes one flags what is over a threshold, once, and one clears it', async (_t, database) => {
  const store = await database.open();
  const nodes = [store, await database.open(), store];
  const hostile = '=HYPERLINK("https://evil.example","Erin")';
  const requests = [1, 2, 3].map((number) =>
    insert('exceptions', exception(number, { requested_at: now - number * day })),
  );
  await store.commit({
    changes: [user(id('usr', 1), { name: hostile }), device(id('dev', 1), id('usr', 1)), ...requests],
    audit: [],
  });
  const config = { reviews: { everyMs: 30 * day, withinMs: 7 * day } } as never;
  const watch = (at: number) =>
    Promise.all(
      nodes.map((each) =>
        watchForAbuse({ store: each, config, random: systemRandom, policies: createCurrentPolicies(each) }, at),
      ),
    );
  const audited = async () =>
    await store.read
      .selectFrom('audit')
      .select(['type', 'entry'])
      .where('type', 'like', 'abuse.%')
      .orderBy('seq')
      .execute();
  await watch(now);
  await watch(now + minute);
  const [entry = assert.fail(), ...others] = await audited();
  assert.deepEqual([entry.type, others.length], ['abuse.flagged', 0]);
  assert.ok(!entry.entry.includes('HYPERLINK'), 'names stay out of the chain');

  const routes = analyticsRoutes({ store, policies: createCurrentPolicies(store) });
  const auditor = {
    kind: 'person',
    id: id('usr', 1),
    name: 'A',
    roles: ['auditor'],
    via: 'session',
    authenticatedAt: 0,
  } as const;
  const get = <Body>(path: string, query = {}) =>
    callRoute<Body>(routes, { method: 'GET', path, now }, { as: auditor, query });
  const { body } = await get<{ items: { kind: string; about: { name: string }[]; closedAt: string | null }[] }>(
    '/v1/admin/abuse-flags',
    { state: 'open' },
  );
  assert.deepEqual(
    body.items.map(({ kind, about }) => [kind, about[0]?.name]),
    [['repeat-requesters', hostile]],
  );
  const csv = await get<string>('/v1/admin/analytics/repeat-requesters', { format: 'csv' });
  assert.match(csv.headers['Content-Type'] ?? '', /^text\/csv/);
  assert.ok(csv.body.includes(`"'=HYPERLINK(""https://evil.example"",""Erin"")"`), csv.body);
  assert.equal(
    (
      await callRoute(
        routes,
        { method: 'GET', path: '/v1/admin/analytics', now },
        { as: { ...auditor, roles: ['employee'] } },
      )
    ).code,
    'not_allowed',
  );

  await store.commit({
    changes: [updateAny('exceptions', { id: id('exc', 3) }, { rules: '["base/disk"]' })],
    audit: [],
  });
  await watch(now + 59 * minute);
  assert.equal((await audited()).length, 1, 'it may come back');
  await watch(now + 2 * hour);
  assert.deepEqual(
    (await audited()).map(({ type }) => type),
    ['abuse.flagged', 'abuse.cleared'],
  );
  assert.equal((await get<{ items: unknown[] }>('/v1/admin/abuse-flags', { state: 'open' })).body.items.length, 0);
});

onBothStores('flags are listed page by page, each once', async (_t, database) => {
  const store = await database.open();
  const row = (kind: string, subject: string, at: number) =>
    insert('abuse_flags', {
      kind,
      subject,
      opened_at: at,
      seen_at: at,
      closed_at: null,
      sentence: 'So.',
      data: '{"about":[],"values":{}}',
    });
  const subjects = ['a', 'b', 'c'];
  await store.commit({
    changes: subjects.flatMap((each) => [
      row('approvers', each, now),
      row('lapsed', each, now),
      row('lapsed', `${each} x`, now + 1),
    ]),
    audit: [],
  });
  const routes = analyticsRoutes({ store, policies: createCurrentPolicies(store) });
  const as = {
    kind: 'person',
    id: id('usr', 1),
    name: 'A',
    roles: ['auditor'],
    via: 'session',
    authenticatedAt: 0,
  } as const;
  const seen: string[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const query = after === undefined ? { limit: 2 } : { limit: 2, after };
    const { body } = await callRoute<{ items: { kind: string; subject: string }[]; next: string | null }>(
      routes,
      { method: 'GET', path: '/v1/admin/abuse-flags', now },
      { as, query },
    );
    seen.push(...body.items.map(({ kind, subject }) => `${kind} ${subject}`));
    after = body.next;
  }
  assert.equal(seen.length, 9);
  assert.equal(new Set(seen).size, 9);
});

onBothStores('a rule with many exceptions is flagged, and somebody is asked to review it', async (t, database) => {
  const desk = await openReviewDesk(t, await database.open());
  const { store, clock } = desk;
  const other = await desk.addDevice(desk.bob);
  for (const on of [desk.laptop, other]) {
    const wish = await desk.asked({ duration: '1h' }, on);
    assert.equal((await desk.act(desk.eve, 'approve', wish)).status, 200);
  }
  const deps = { ...desk.reviewDeps, policies: createCurrentPolicies(store), config: desk.reviewDeps.config as never };
  await Promise.all([watchForAbuse(deps, clock.at), watchForAbuse(deps, clock.at)]);
  const [review = assert.fail(), ...others] = await desk.reviews('open');
  assert.deepEqual([review.kind, review.subject, others.length], ['rule', 'base/firewall', 0]);
  assert.deepEqual(
    review.reviewers.map(({ name }) => name),
    ['Eve'],
    'Bob has an exception from it',
  );
  const detail = await desk.callReviews('GET', `/v1/admin/reviews/${review.id}`, desk.eve);
  assert.equal(detail.body['measured'], '2 of 2 devices that fail base/firewall are excepted from it.');
});

onBothStores('two nodes open one review, and of two who decide it at once one does', async (t, database) => {
  const desk = await openReviewDesk(t, await database.open());
  await desk.putException({ id: exceptionId(1) });
  desk.pass(31 * day);
  await Promise.all([desk.work(), desk.work(), desk.work()]);
  const [review = assert.fail(), ...others] = await desk.reviews('open');
  assert.equal(others.length, 0);
  const answers = await Promise.all([
    desk.decideReview(desk.bob, review, 'keep'),
    desk.decideReview(desk.eve, review, 'keep'),
    desk.decideReview(desk.ada, review, 'keep'),
  ]);
  assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['done', 'review_state', 'review_state']);
  assert.deepEqual(await desk.audited(review), ['review.opened', 'review.decided']);
});

onBothStores(
  'of a reviewer who keeps and one who ends at the same instant, what is written is what happens',
  async (t, database) => {
    const desk = await openReviewDesk(t, await database.open());
    const outcomes = new Set<string>();
    for (let round = 1; round <= 6; round += 1) {
      const exception = exceptionId(round);
      await desk.putException({ id: exception });
      desk.pass(31 * day);
      await desk.work();
      const [review = assert.fail()] = await desk.reviews('open');
      const decide = (as: typeof desk.bob, verdict: string) => desk.decideReview(as, review, verdict);
      const other = round % 2 === 0 ? 'keep' : 'end';
      const answers = await Promise.all([decide(desk.bob, 'end'), decide(desk.eve, other), decide(desk.ada, 'end')]);
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      const [decided] = await desk.reviews('decided');
      const { state } = await desk.seen({ id: exception });
      assert.deepEqual([decided?.id, state], [review.id, decided?.verdict === 'end' ? 'revoked' : 'active']);
      outcomes.add(state);
      await desk.store.commit({
        changes: [updateAny('exceptions', { id: exception }, { state: 'expired', ended_at: 1 })],
        audit: [],
      });
    }
    assert.ok(outcomes.has('revoked'));
  },
);

onBothStores('what does not fit on one page is counted whole, each once, also of one instant', async (_t, database) => {
  const store = await database.open();
  const later = (number: number) => (number % 3 === 0 ? now - hour : now - 2 * hour);
  const count = 1300;
  await store.commit({
    changes: [
      user(id('usr', 1)),
      device(id('dev', 1), id('usr', 1)),
      ...Array.from({ length: count }, (_, number) =>
        insert('exceptions', exception(number, { requested_at: later(number), expires_at: now + hour })),
      ),
      ...Array.from({ length: count }, (_, number) =>
        insert('exceptions', exception(count + number, { requested_at: now - 40 * day, expires_at: now + hour })),
      ),
    ],
    audit: [],
  });
  const deps = { store, policies: createCurrentPolicies(store) };
  const report = (name: ReportName) => viewReport(deps, name, { days: 30, most: 5000 }, now);
  assert.equal((await report('repeat-requesters')).rows[0]?.values['requests'], count);
  const { rows, total } = await report('outstanding');
  assert.deepEqual([total, new Set(rows.map(({ subject }) => subject)).size], [2 * count, 2 * count]);
});
