import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveTopics } from '@postern/shared/protocol/live';
import { isStaleAfter } from './topics.ts';

const dev = (digit: string) => `dev_${digit.repeat(32)}`;

test('a change makes lists stale, and of single things only the one that has changed', () => {
  const change = { topic: 'devices', id: dev('1') };
  assert.equal(isStaleAfter(change, '/v1/admin/devices'), true);
  assert.equal(isStaleAfter(change, '/v1/admin/devices/facets'), true);
  assert.equal(isStaleAfter(change, `/v1/admin/devices/${dev('1')}`), true);
  assert.equal(isStaleAfter(change, `/v1/admin/devices/${dev('1')}/history`), true);
  assert.equal(isStaleAfter(change, `/v1/admin/devices/${dev('2')}`), false);
  assert.equal(isStaleAfter({ topic: 'devices' }, `/v1/admin/devices/${dev('2')}`), true);
});

test('an exception may change the device that it is for, whichever that is', () => {
  assert.equal(
    isStaleAfter({ topic: 'exceptions', id: `exc_${'1'.repeat(32)}` }, `/v1/admin/devices/${dev('2')}`),
    true,
  );
});

test('evidence goes stale with the device that it is about, and not with others', () => {
  const path = `/v1/admin/exceptions/exc_${'1'.repeat(32)}/evidence`;
  const read = { device: { id: dev('1') } };
  assert.equal(isStaleAfter({ topic: 'devices', id: dev('1') }, path, read), true);
  assert.equal(isStaleAfter({ topic: 'devices', id: dev('2') }, path, read), false);
  assert.equal(isStaleAfter({ topic: 'devices', id: dev('2') }, path), false);
  assert.equal(isStaleAfter({ topic: 'devices' }, path), true);
});

test('a beginning is one of whole words, and what this version does not know makes nothing stale', () => {
  assert.equal(isStaleAfter({ topic: 'devices' }, '/v1/admin/devices-of-others'), false);
  assert.equal(isStaleAfter({ topic: 'unheard-of' }, '/v1/admin/devices'), false);
  assert.equal(isStaleAfter({ topic: 'constructor' }, '/v1/admin/devices'), false);
});

test('every topic makes something stale', () => {
  for (const topic of liveTopics) assert.ok(isStaleAfterSomething(topic), topic);
});

function isStaleAfterSomething(topic: string): boolean {
  const known = ['devices', 'exceptions', 'reviews', 'policies', 'users', 'gateways', 'webhooks', 'audit', 'analytics'];
  const more = ['settings', 'enrollment-tokens'];
  const all = [...[...known, ...more].map((name) => `/v1/admin/${name}`), '/v1/me', '/v1/me/notices'];
  return all.some((path) => isStaleAfter({ topic }, path));
}
