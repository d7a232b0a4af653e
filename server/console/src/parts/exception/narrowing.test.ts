import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { approvalOf, shorterThan } from './narrowing.ts';

const asked = {
  id: 'exc_1',
  requestHash: 'hash',
  durationSeconds: 7200,
  rules: ['base/a', 'base/b'],
  resources: [],
} as unknown as Pick<ExceptionView, 'id' | 'requestHash' | 'durationSeconds' | 'rules' | 'resources'>;
const whole = { seconds: 7200, rules: ['base/a', 'base/b'], resources: [], reason: ' ' };

test('what is approved whole names nothing but the request that was seen', () => {
  assert.deepEqual(approvalOf(asked, whole), {
    body: { requestHash: 'hash' },
    about: { exception: 'exc_1', requestHash: 'hash' },
  });
});

test('what is cut stands in the approval and in what the proof is bound to; the reason only in the approval', () => {
  const cut = { duration: '1h', rules: ['base/b'], resources: ['https://app.example'] };
  const chosen = { seconds: 3600, rules: ['base/b'], resources: ['https://app.example'], reason: 'Seen' };
  assert.deepEqual(approvalOf(asked, chosen), {
    body: { requestHash: 'hash', ...cut, reason: 'Seen' },
    about: { exception: 'exc_1', requestHash: 'hash', ...cut },
  });
});

test('all resources of a list are no less than the list, and lengths never reach what was asked for', () => {
  const listed = { ...asked, resources: ['x', 'y'] };
  assert.ok(!('resources' in approvalOf(listed, { ...whole, resources: ['y', 'x'] }).body));
  assert.deepEqual(approvalOf(listed, { ...whole, resources: ['y'] }).body.resources, ['y']);
  assert.deepEqual(shorterThan(7200), [3600, 1800, 900]);
});
