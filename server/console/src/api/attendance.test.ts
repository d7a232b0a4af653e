import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAttendance } from './attendance.ts';

test('what a page asks by itself while nobody touches it says so, until somebody does', () => {
  const page = new EventTarget();
  let now = 0;
  const attendance = createAttendance(page, () => now);
  const headers = () => attendance.headers();
  now += 120_000;
  assert.deepEqual(headers(), {});
  now += 1;
  assert.deepEqual(headers(), { 'postern-unattended': '1' });
  page.dispatchEvent(new Event('keydown'));
  assert.deepEqual(headers(), {});
});
