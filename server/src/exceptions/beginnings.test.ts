import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { day, hour, minute } from '@postern/shared/time';
import { effectiveState, type ExceptionEvent, transition } from './lifecycle/lifecycle.ts';
import { type ApprovalPlan, plainPlan } from './plan/index.ts';
import type { ExceptionRecord } from './lifecycle/record.ts';

const start = 1_800_000_000_000;
const owner = 'usr_owner';

const pending: ExceptionRecord = {
  id: 'exc_1',
  kind: 'access',
  role: 'editor',
  setId: null,
  emergency: false,
  state: 'pending',
  personId: owner,
  requestedBy: owner,
  managerId: null,
  deviceId: 'dev_1',
  jkt: 'key',
  rules: [],
  resources: ['https://wiki'],
  observed: {},
  requestHash: 'hash',
  approvalsNeeded: 1,
  said: { justification: 'A demonstration', ticket: null, reasonCode: null },
  plan: { ...plainPlan(1), begins: 'first-use', useWithinMs: 2 * hour },
  durationMs: hour,
  extendsId: null,
  extended: null,
  requestedAt: start,
  lapsesAt: start + day,
  startsAt: null,
  approvedAt: null,
  beginsAt: null,
  expiresAt: null,
  endedAt: null,
  decisions: [],
  version: 1,
};
const bob = { by: 'usr_bob', groups: [], isDecider: true };
const approve: ExceptionEvent = { kind: 'approve', ...bob, ownerId: owner };

function after(record: ExceptionRecord, event: ExceptionEvent, now: number): ExceptionRecord {
  const next = transition(record, event, now);
  return typeof next === 'string' ? assert.fail(`refused: ${next}`) : next;
}

function planned(plan: Partial<ApprovalPlan>, more: Partial<ExceptionRecord> = {}): ExceptionRecord {
  return { ...pending, plan: { ...pending.plan, ...plan }, ...more };
}

describe('what begins with its first use', () => {
  const approved = after(pending, approve, start);

  test('waits for that as long as the plan lets it, and then is over unused', () => {
    assert.deepEqual([approved.beginsAt, approved.expiresAt], [null, start + 2 * hour]);
    assert.equal(effectiveState(approved, start + 2 * hour - 1), 'approved');
    assert.equal(effectiveState(approved, start + 2 * hour), 'expired');
    assert.equal(transition(approved, { kind: 'begin' }, start + 2 * hour), 'exception_state');
  });
  test('lasts its whole time from then, which happens once', () => {
    const begun = after(approved, { kind: 'begin' }, start + hour);
    assert.deepEqual([begun.beginsAt, begun.expiresAt], [start + hour, start + 2 * hour]);
    assert.equal(effectiveState(begun, start + hour), 'active');
    assert.equal(transition(begun, { kind: 'begin' }, start + hour + minute), 'exception_state');
  });
  test('can be ended before, and is not extended before', () => {
    assert.equal(after(approved, { kind: 'relinquish', by: owner }, start).state, 'relinquished');
    assert.equal(after(approved, { kind: 'revoke', ...bob }, start).state, 'revoked');
    assert.equal(transition(approved, { kind: 'supersede' }, start), 'exception_state');
  });
  test('an extension begins at its approval: what it extends is in use', () => {
    const extension = { ...pending, extendsId: 'exc_0', extended: { state: 'active' as const, endedAt: null } };
    assert.equal(after(extension, approve, start).beginsAt, start);
  });
  test('a request that waits is begun by nothing', () => {
    assert.equal(transition(pending, { kind: 'begin' }, start), 'exception_state');
  });
});

describe('what nobody approves', () => {
  const byRule = { autoApprovedBy: 'A short while', stages: [] };

  test('is granted where the plan says by what, and asks for nobody', () => {
    const granted = after(planned({ ...byRule, begins: 'approval' }), { kind: 'auto-approve' }, start);
    assert.deepEqual([granted.state, granted.approvedAt, granted.expiresAt], ['active', start, start + hour]);
  });
  for (const [name, record] of [
    ['no condition approves it', planned({ stages: [] })],
    ['somebody is asked besides', planned({ autoApprovedBy: 'A short while' })],
    ['it is an emergency', planned(byRule, { emergency: true })],
  ] as const) {
    test(`nok: ${name}`, () => {
      assert.equal(transition(record, { kind: 'auto-approve' }, start), 'approval_not_yours');
    });
  }
  test('an emergency begins at once, whatever begins it otherwise', () => {
    const used = after(planned({ emergency: true, stages: [] }, { emergency: true }), { kind: 'emergency-use' }, start);
    assert.deepEqual([used.beginsAt, used.expiresAt], [start, start + hour]);
  });
  test('nok: what is no emergency, by the request or by its plan', () => {
    for (const record of [pending, planned({ emergency: true }), planned({}, { emergency: true })])
      assert.equal(transition(record, { kind: 'emergency-use' }, start), 'not_allowed');
  });
  test('nok: twice, or after its end', () => {
    const granted = after(planned({ ...byRule, begins: 'approval' }), { kind: 'auto-approve' }, start);
    assert.equal(transition(granted, { kind: 'auto-approve' }, start), 'exception_state');
    assert.equal(transition(planned(byRule), { kind: 'auto-approve' }, start + day), 'exception_state');
  });
});
