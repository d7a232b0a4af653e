import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import { day, toTimestamp } from '@postern/shared/time';
import { publishPolicy } from '../policy/index.ts';
import { reading, someReadings } from './testing/readings.ts';
import { openTestBackend, testPolicy } from './testing/test-backend.ts';

const provenance = { method: 'read /fake', privilege: 'user', collectedAt: toTimestamp(0), detail: '' } as const;
const unread: Reading = { status: 'unknown', reason: 'permission-denied', ...provenance };
const claimed: Reading = { status: 'unsupported', reason: 'hardware-absent', ...provenance };
const contained: Reading = { status: 'unsupported', reason: 'container', ...provenance };
const plainDisk = { 'disk-encryption': reading({ state: 'none', volumes: [] }, 0) };

/** Everything in order, but nothing said of the disk. */
function withoutDisk(): Readings {
  const { 'disk-encryption': _, ...rest } = someReadings(0);
  return rest;
}

async function given(t: TestContext) {
  const backend = await openTestBackend(t);
  const device = await backend.enroll();
  /** What the policy says of the disk after a report. */
  async function report(readings: Readings) {
    const { status, body } = await backend.attest(device, readings);
    assert.equal(status, 200, body.error_code);
    return body.verdict.rules.find(({ rule }) => rule === 'disk');
  }
  return { backend, report };
}

describe('a device that was seen failing', () => {
  const ways: [string, Readings][] = [
    ['cannot tell any more', someReadings(0, { 'disk-encryption': unread })],
    ['does not report it any more', withoutDisk()],
    ['claims not to have it', someReadings(0, { 'disk-encryption': claimed })],
    ['claims to be a container', someReadings(0, { 'disk-encryption': contained })],
  ];
  for (const [name, blind] of ways) {
    it(`stays failing when it ${name}, with its first deadline, until it is seen to pass`, async (t) => {
      const { backend, report } = await given(t);
      const seen = await report(someReadings(0, plainDisk));
      assert.equal(seen?.standing, 'grace');

      backend.pass(day);
      const then = await report(blind);
      assert.deepEqual([then?.outcome, then?.standing, then?.deadline], ['unknown', 'grace', seen?.deadline]);
      assert.match(then?.reason ?? '', /It was last seen failing, and counts as failing until it is seen to pass\./);

      backend.pass(2 * day);
      assert.equal((await report(blind))?.standing, 'blocked');
      assert.equal((await report(someReadings(0)))?.standing, 'fine');
      assert.notEqual((await report(blind))?.standing, 'blocked');
    });
  }

  it('was seen, too, when its last report fails by a policy that was raised after it', async (t) => {
    const { backend, report } = await given(t);
    assert.equal((await report(someReadings(0)))?.standing, 'fine');
    const raised = testPolicy.replace('value.state == "full"', 'value.state == "full" && size(value.volumes) > 1');
    await publishPolicy(backend.store, raised, { kind: 'system', id: null }, backend.clock.now());
    const then = await report(withoutDisk());
    assert.deepEqual([then?.outcome, then?.standing], ['unknown', 'grace']);
  });
});

describe('a device that was never seen failing', () => {
  it('is only warned where the rule says that an unknown warns', async (t) => {
    const { report } = await given(t);
    assert.equal((await report(withoutDisk()))?.standing, 'warned');
    assert.equal((await report(someReadings(0, { 'disk-encryption': contained })))?.standing, 'warned');
    assert.equal((await report(someReadings(0, { 'disk-encryption': claimed })))?.standing, 'not-applicable');
  });
});
