import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explore } from './testing/exhaustive.ts';
import { faultyMachines } from './testing/world-faults.ts';

const depth = 6;

const ends = [
  'denied',
  'withdrawn',
  'lapsed',
  'expired',
  'revoked',
  'relinquished',
  'resolved',
  'superseded',
  'voided',
];

test(`every history of up to ${depth} happenings in a small world keeps every rule of the design`, (t) => {
  const started = performance.now();
  const { broken, histories, worlds, tried, reached } = explore(depth);
  assert.equal(broken, undefined, JSON.stringify(broken, null, 2));
  t.diagnostic(
    `${histories} histories, ${worlds} worlds, ${tried} happenings tried in ${((performance.now() - started) / 1000).toFixed(1)} s: ${JSON.stringify(Object.fromEntries(reached))}`,
  );
  // Rules that are never put to the test would hold too.
  for (const state of ['pending', 'scheduled', 'approved', 'active', ...ends, 'extension active', 'extension expired'])
    assert.ok((reached.get(state) ?? 0) > 0, `no history reached ${state}`);
  assert.ok(histories > 100_000_000);
});

describe('the rules notice it when', () => {
  for (const [name, machine] of Object.entries(faultyMachines)) {
    test(name, (t) => {
      const { broken } = explore(5, machine);
      assert.ok(broken, 'every rule was kept');
      t.diagnostic(`${broken.history.join('; ')}: ${broken.rules.join(', ')}`);
    });
  }
});
