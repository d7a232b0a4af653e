import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../collect.ts';
import { recordedSystem } from '../testing/recorded-system.ts';
import { clockDriftCollector } from './index.ts';

const read = async (offset: number | undefined) =>
  (await collect(recordedSystem({ platform: 'linux' }), [clockDriftCollector(() => offset)]))['clock-drift'];

for (const [milliseconds, seconds] of [
  [0, 0],
  [2_400, 0],
  [-2_400, 0],
  [2_600, 5],
  [-301_000, -300],
] as const) {
  test(`an offset of ${milliseconds} ms is ${seconds} s`, async () => {
    const reading = await read(milliseconds);
    assert.deepEqual(reading?.status === 'ok' && reading.value, { offsetSeconds: seconds });
  });
}

test('a backend that was never reached is no data, not no drift', async () => {
  const reading = await read(undefined);
  assert.equal(reading?.status === 'unknown' && reading.reason, 'no-data');
});
