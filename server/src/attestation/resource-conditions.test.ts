import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day } from '@postern/shared/time';
import { readDeviceFacts, standingOf } from '../devices/index.ts';
import { publishPolicy, readRulebook } from '../policy/index.ts';
import { reading, someReadings } from './testing/readings.ts';
import { openTestBackend, testPolicy } from './testing/test-backend.ts';

const forVault = `      when: resource.name == "https://vault"\n`;
const conditional = testPolicy
  .replace(/ {2}- \{ id: disk.*\n/, '')
  .concat(
    '  - id: disk\n    title: Disk is encrypted\n    check: disk-encryption\n    require: value.state == "full"\n',
    '    expected: full\n    time_to_fix: 3d\n',
    forVault.trimStart().padStart(forVault.trimStart().length + 4),
  );

test('a rule for one resource has its deadline from the attestation that shows it, however late that resource is asked for', async (t) => {
  const backend = await openTestBackend(t);
  await publishPolicy(backend.store, conditional, { kind: 'system', id: null }, backend.clock.now());
  const device = await backend.enroll();
  const plain = someReadings(0, { 'disk-encryption': reading({ state: 'none', volumes: [] }, 0) });
  const { body } = await backend.attest(device, plain);
  const own = body.verdict.rules.find(({ rule }) => rule === 'disk');
  assert.deepEqual([own?.outcome, own?.standing], ['not-applicable', 'not-applicable'], 'no part of its own verdict');

  backend.pass(4 * day);
  await backend.attest(device, plain);
  const facts = await readDeviceFacts(backend.store.read, { id: device.id });
  assert.ok(facts);
  const rulebook = await readRulebook(backend.store);
  const standing = (resource: string) =>
    standingOf(facts, rulebook, resource, backend.clock.now())?.verdict.rules.find(({ rule }) => rule === 'disk')
      ?.standing;
  assert.equal(standing('https://vault'), 'blocked');
  assert.equal(standing('https://wiki'), 'not-applicable');
});
