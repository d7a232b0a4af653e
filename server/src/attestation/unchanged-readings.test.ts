import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hour } from '@postern/shared/time';
import { someReadings } from './testing/readings.ts';
import { openTestBackend } from './testing/test-backend.ts';

test('a device that reports the same for days is never told that its readings are too old', async (t) => {
  const backend = await openTestBackend(t);
  const device = await backend.enroll();
  const readings = someReadings(0);
  for (let hours = 0; hours < 48; hours += 1) {
    const { status, body } = await backend.attest(device, readings);
    assert.equal(status, 200, `after ${hours} hours: ${body.error_code}`);
    backend.pass(hour);
  }
});

test('readings that were taken long ago are refused, also when they say what is stored', async (t) => {
  const backend = await openTestBackend(t);
  const device = await backend.enroll();
  const readings = someReadings(backend.clock.now());
  for (let times = 0; times < 3; times += 1) await backend.attest(device, readings);
  backend.pass(2 * hour);
  const { body } = await backend.attest(device, readings, { claims: { readings } });
  assert.equal(body.error_code, 'attestation_too_old');
});
