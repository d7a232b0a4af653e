import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimits } from './rate-limits.ts';
import { createPeerCheck, createRemoteAddressOf } from './remote-address.ts';

test('without a declared proxy, the peer is the caller', () => {
  const of = createRemoteAddressOf([]);
  assert.equal(of('203.0.113.9', '1.2.3.4'), '203.0.113.9');
  assert.equal(of('::ffff:203.0.113.9', undefined), '203.0.113.9');
  assert.equal(of(undefined, '1.2.3.4'), 'unknown');
});

test('behind declared proxies, the rightmost address that is not one of them is the caller', () => {
  const of = createRemoteAddressOf(['10.0.0.0/8', '2001:db8::/32']);
  assert.equal(of('10.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.2'), '203.0.113.9');
  assert.equal(of('2001:db8::1', '203.0.113.9'), '203.0.113.9');
  assert.equal(of('::ffff:10.0.0.1', '203.0.113.9'), '203.0.113.9');
  assert.equal(of('10.0.0.1', undefined), '10.0.0.1');
  assert.equal(of('10.0.0.1', '203.0.113.9, not-an-address'), '10.0.0.1');
});

test('beyond loopback and without TLS, only declared proxies and this machine may send requests', () => {
  const trustedProxies = ['10.0.0.5', '2001:db8::/32'];
  const mayConnect = createPeerCheck({ host: '0.0.0.0', tls: null, trustedProxies });
  for (const peer of ['10.0.0.5', '::ffff:10.0.0.5', '2001:db8::7', '127.0.0.1', '::ffff:127.0.0.1', '::1']) {
    assert.ok(mayConnect(peer), peer);
  }
  for (const peer of ['10.0.0.6', '::ffff:203.0.113.9', '2001:db9::7', 'localhost', '', undefined]) {
    assert.ok(!mayConnect(peer), peer);
  }
});

test('with TLS anybody may send requests, and on loopback only this machine can', () => {
  const tls = { certFile: 'cert.pem', keyFile: 'key.pem' };
  assert.ok(createPeerCheck({ host: '0.0.0.0', tls, trustedProxies: ['10.0.0.5'] })('203.0.113.9'));
  for (const host of ['localhost', '127.0.0.1', '::1']) {
    assert.ok(createPeerCheck({ host, tls: null, trustedProxies: ['10.0.0.5'] })('127.0.0.1'));
  }
});

test('addresses of one IPv6 subscriber share a limit, subscribers do not', async () => {
  const limit = createRateLimits({
    discovery: 1,
    console: 1,
    challenge: 1,
    enrollment: 1,
    attestation: 1,
    token: 1,
    gateway: 1,
    device: 1,
    'sign-in': 1,
    admin: 1,
  });
  await limit('token', '2001:db8:1:2::1');
  await assert.rejects(limit('token', '2001:0db8:1:2:ffff::9'), { code: 'too_many_requests' });
  await limit('token', '2001:db8:1:3::1');
  await limit('challenge', '2001:db8:1:2::1');
  await limit('token', '::1');
  await assert.rejects(limit('token', '::1'));
});
