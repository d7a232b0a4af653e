import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationText } from '../say-time.ts';
import { secondsOf } from './lengths.ts';

test('a length is read as policies and the API write it, and what is none has no seconds', () => {
  assert.deepEqual(['90m', '2h', '7d', '5s', '1w', '1h30m'].map(secondsOf), [5400, 7200, 604_800, 5, 604_800, 5400]);
  assert.deepEqual(['', 'soon', '0', '-1h', '1y'].map(secondsOf), [0, 0, 0, 0, 0]);
  for (const text of ['90m', '2h', '7d']) assert.equal(durationText(secondsOf(text)), text);
});
