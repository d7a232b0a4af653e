import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { day, hour, minute } from '@postern/shared/time';
import { effectiveState, endedByTime, type ExceptionEvent, transition } from './lifecycle.ts';
import { plainPlan } from '../plan/index.ts';
import type { ExceptionRecord } from './record.ts';

const start = 1_800_000_000_000;
const owner = 'usr_owner';
const asker = 'usr_asker';

const pending: ExceptionRecord = {
  id: 'exc_1',
  kind: 'device',
  role: null,
  setId: null,
  emergency: false,
  startsAt: null,
  beginsAt: null,
  plan: plainPlan(1),
  state: 'pending',
  personId: owner,
  requestedBy: asker,
  managerId: null,
  said: { justification: 'A demonstration', ticket: null, reasonCode: null },
  deviceId: 'dev_1',
  jkt: 'key',
  rules: ['baseline/disk-encryption', 'baseline/firewall'],
  resources: [],
  observed: {},
  durationMs: 8 * hour,
  requestHash: 'hash',
  approvalsNeeded: 1,
  extendsId: null,
  extended: null,
  requestedAt: start,
  lapsesAt: start + day,
  approvedAt: null,
  expiresAt: null,
  endedAt: null,
  decisions: [],
  version: 1,
};

const needs = (approvals: number) => ({ ...pending, plan: plainPlan(approvals), approvalsNeeded: approvals });
const decider = (by: string) => ({ by, groups: [], isDecider: true });
const deny = (by: string): ExceptionEvent => ({ kind: 'deny', ...decider(by), ownerId: owner });
const revoke = (by: string): ExceptionEvent => ({ kind: 'revoke', ...decider(by) });
const approve = (by: string, more: Partial<Extract<ExceptionEvent, { kind: 'approve' }>> = {}): ExceptionEvent => ({
  kind: 'approve',
  by,
  ownerId: owner,
  groups: [],
  isDecider: true,
  ...more,
});

function after(record: ExceptionRecord, event: ExceptionEvent, now: number): ExceptionRecord {
  const next = transition(record, event, now);
  return typeof next === 'string' ? assert.fail(`refused: ${next}`) : next;
}

describe('approval', () => {
  test('somebody else approves, and the clock starts then', () => {
    const active = after(pending, approve('usr_bob'), start + hour);
    assert.equal(active.state, 'active');
    assert.equal(active.approvedAt, start + hour);
    assert.equal(active.expiresAt, start + 9 * hour);
  });

  const refused: [string, ExceptionRecord, ExceptionEvent, number, ErrorCode][] = [
    ['nok: the person it is for', pending, approve(owner), start, 'self_approval'],
    ['nok: the one who asked on their behalf', pending, approve(asker), start, 'self_approval'],
    [
      'nok: the owner of the device, whoever it is for',
      { ...pending, personId: 'usr_other' },
      approve(owner),
      start,
      'self_approval',
    ],
    ['nok: denying is deciding too', pending, deny(owner), start, 'self_approval'],
    [
      'nok: the request changed since it was read',
      pending,
      approve('usr_bob', { requestHash: 'other' }),
      start,
      'exception_changed',
    ],
    ['nok: longer than asked for', pending, approve('usr_bob', { durationMs: 9 * hour }), start, 'exception_widened'],
    ['nok: no time at all', pending, approve('usr_bob', { durationMs: 0 }), start, 'exception_widened'],
    [
      'nok: a rule that was not asked for',
      pending,
      approve('usr_bob', { rules: ['baseline/screen-lock'] }),
      start,
      'exception_widened',
    ],
    ['nok: no rule left', pending, approve('usr_bob', { rules: [] }), start, 'exception_widened'],
    [
      'nok: from one resource to all',
      { ...pending, resources: ['a'] },
      approve('usr_bob', { resources: [] }),
      start,
      'exception_widened',
    ],
    [
      'nok: from one resource to another',
      { ...pending, resources: ['a'] },
      approve('usr_bob', { resources: ['b'] }),
      start,
      'exception_widened',
    ],
    ['nok: too late, the request has lapsed', pending, approve('usr_bob'), start + day, 'exception_state'],
  ];
  for (const [name, record, event, now, code] of refused) {
    test(name, () => assert.equal(transition(record, event, now), code));
  }

  test('ok: from all resources to one, from two rules to one, from long to short', () => {
    const active = after(
      pending,
      approve('usr_bob', { durationMs: hour, rules: ['baseline/firewall'], resources: ['a'] }),
      start,
    );
    assert.deepEqual([active.rules, active.resources, active.expiresAt], [['baseline/firewall'], ['a'], start + hour]);
  });

  test('two approvals are two people', () => {
    const needsTwo = needs(2);
    const once = after(needsTwo, approve('usr_bob'), start);
    assert.equal(once.state, 'pending');
    assert.equal(transition(once, approve('usr_bob'), start), 'already_decided');
    assert.equal(after(once, approve('usr_eve'), start).state, 'active');
  });

  test('the vote of somebody who may decide no more is none', () => {
    const decisions = [
      { actorId: 'usr_gone', verdict: 'approve' as const, groups: [], isDecider: true, counts: false },
    ];
    const needsTwo = { ...needs(2), decisions };
    const once = after(needsTwo, approve('usr_bob'), start);
    assert.equal(once.state, 'pending');
    assert.equal(after(once, approve('usr_eve'), start).state, 'active');
  });

  test('one denial ends it', () => {
    const denied = after(needs(2), deny('usr_bob'), start);
    assert.equal(transition(denied, approve('usr_eve'), start), 'exception_state');
  });
});

describe('endings', () => {
  const active = after(pending, approve('usr_bob'), start);
  test('at the very millisecond of its end it has expired', () => {
    assert.equal(effectiveState(active, start + 8 * hour - 1), 'active');
    assert.equal(effectiveState(active, start + 8 * hour), 'expired');
  });
  test('only its person relinquishes, only before a decision is it withdrawn', () => {
    assert.equal(transition(active, { kind: 'relinquish', by: asker }, start), 'not_allowed');
    assert.equal(after(active, { kind: 'relinquish', by: owner }, start).state, 'relinquished');
    assert.equal(transition(active, { kind: 'withdraw', by: owner }, start), 'exception_state');
    assert.equal(after(pending, { kind: 'withdraw', by: asker }, start).state, 'withdrawn');
  });
  test('what has expired is not revoked any more, and its end is its own', () => {
    const late = start + 10 * hour;
    assert.equal(transition(active, revoke('usr_bob'), late), 'exception_state');
    assert.deepEqual(endedByTime(active, late), { state: 'expired', at: start + 8 * hour, reason: null });
  });
  test('a request lapses when its time is over, and that is when it ended, whenever somebody looks', () => {
    assert.equal(effectiveState(pending, start + day - 1), 'pending');
    assert.equal(endedByTime(pending, start + 3 * day)?.at, start + day);
    assert.equal(endedByTime(active, start + hour), undefined);
  });
  test('whoever revokes what is their own opts back in', () => {
    assert.equal(after(active, revoke('usr_bob'), start).state, 'revoked');
    assert.equal(after(active, revoke(owner), start).state, 'relinquished');
  });
});

describe('a waiting extension', () => {
  const extension = (state: ExceptionRecord['state'], endedAt: number | null): ExceptionRecord => ({
    ...pending,
    extendsId: 'exc_0',
    extended: { state, endedAt },
  });
  const at = start + hour;
  for (const state of ['revoked', 'relinquished', 'resolved', 'voided', 'superseded'] as const) {
    test(`nok: lapses with what it was to extend, once that is ${state}`, () => {
      assert.equal(endedByTime(extension(state, start + minute), at)?.at, start + minute);
      assert.equal(transition(extension(state, start + minute), approve('usr_bob'), at), 'exception_state');
    });
  }
  test('ok: waits on while that is in force, and after that ran out', () => {
    assert.equal(effectiveState(extension('active', null), at), 'pending');
    assert.equal(after(extension('expired', start + minute), approve('usr_bob'), at).expiresAt, at + 8 * hour);
  });
});

const people = [owner, asker, 'usr_bob', 'usr_eve'];
const anyEvent: fc.Arbitrary<ExceptionEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('approve' as const),
    by: fc.constantFrom(...people),
    ownerId: fc.constant(owner),
    groups: fc.constant([]),
    isDecider: fc.constant(true),
    durationMs: fc.option(fc.integer({ min: -hour, max: 2 * day }), { nil: undefined }),
    rules: fc.option(fc.subarray(['baseline/disk-encryption', 'baseline/firewall', 'baseline/other']), {
      nil: undefined,
    }),
    resources: fc.option(fc.subarray(['a', 'b']), { nil: undefined }),
  }),
  fc.constantFrom(...people).map(deny),
  fc.constantFrom(...people).map(revoke),
  fc.record({ kind: fc.constantFrom('withdraw' as const, 'relinquish' as const), by: fc.constantFrom(...people) }),
  fc.constant({ kind: 'supersede' as const }),
);

describe('any history', () => {
  test('keeps the rules: no self-approval, never wider, one end, no life after it', () => {
    const histories = fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 6 * hour })), { maxLength: 12 });
    fc.assert(
      fc.property(
        histories,
        fc.integer({ min: 1, max: 3 }),
        fc.subarray(['a', 'b']),
        (history, approvalsNeeded, resources) => {
          let now = start;
          let record: ExceptionRecord = { ...needs(approvalsNeeded), resources };
          const asked = record;
          for (const [event, later] of history) {
            now += later;
            const before = record;
            const next = transition(record, event, now);
            if (typeof next === 'string') continue;
            record = next;
            assert.ok(
              ['pending', 'active'].includes(before.state),
              `${before.state} is an end, yet ${event.kind} changed it`,
            );
            assert.ok(record.durationMs <= asked.durationMs && record.durationMs > 0);
            assert.ok(record.rules.length > 0 && record.rules.every((rule) => asked.rules.includes(rule)));
            if (asked.resources.length > 0)
              assert.ok(
                record.resources.length > 0 && record.resources.every((each) => asked.resources.includes(each)),
              );
            const voters = record.decisions.map(({ actorId }) => actorId);
            assert.equal(new Set(voters).size, voters.length);
            assert.ok(!voters.includes(owner) && !voters.includes(asker));
            if (record.state === 'active') {
              assert.ok(record.decisions.filter(({ verdict }) => verdict === 'approve').length >= approvalsNeeded);
              assert.equal(record.expiresAt, (record.approvedAt ?? 0) + record.durationMs);
              assert.ok((record.approvedAt ?? 0) < asked.lapsesAt);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
