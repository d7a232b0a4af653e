import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveTopics } from '@postern/shared/protocol/live';
import { auditEventTypes } from '../audit/event.ts';
import { readsTopic, topicsOf } from './topics.ts';

test('for each kind of entry somebody has said what it changes', () => {
  assert.deepEqual(
    auditEventTypes.filter((type) => topicsOf(type) === undefined),
    [],
  );
  assert.equal(topicsOf('unheard-of.thing'), undefined);
});

test('an employee reads no topic whole, an admin each that is not personal, approvers neither gateways nor the audit', () => {
  const read = (role: 'employee' | 'approver' | 'admin' | 'auditor') =>
    liveTopics.filter((topic) => !readsTopic(topic, [role]));
  assert.deepEqual(read('employee'), [...liveTopics]);
  assert.deepEqual(read('admin'), ['me', 'notices']);
  assert.deepEqual(read('auditor'), ['me', 'enrollment', 'notices']);
  assert.deepEqual(read('approver'), ['me', 'enrollment', 'gateways', 'webhooks', 'notices', 'audit']);
});
