import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { type Exploration, explore } from '../testing/exhaustive.ts';
import { faultyMachines, faultyUnasked } from '../testing/world-faults.ts';
import { type Scene, unasked, usual } from '../testing/world.ts';

const depth = 5;

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
  const { histories, reached } = allKept(t, explore(depth));
  // Rules that are never put to the test would hold too.
  for (const state of ['pending', 'scheduled', 'approved', 'active', ...ends, 'extension active', 'extension expired'])
    assert.ok((reached.get(state) ?? 0) > 0, `no history reached ${state}`);
  assert.ok(histories > 10_000_000);
});

test('and so does every one of up to 5 where nobody has to approve, or where there is no manager', (t) => {
  const { histories, reached } = allKept(t, explore(5, unasked));
  for (const how of ['by a rule', 'in an emergency'])
    for (const state of ['active', 'expired', 'revoked', 'relinquished', 'resolved', 'voided'])
      assert.ok((reached.get(`${how} ${state}`) ?? 0) > 0, `no history reached ${how} ${state}`);
  assert.ok((reached.get('superseded') ?? 0) > 0);
  assert.ok(histories > 1_000_000);
});

function allKept(t: TestContext, found: Exploration): Exploration {
  const { broken, histories, worlds, tried, reached } = found;
  assert.equal(broken, undefined, JSON.stringify(broken, null, 2));
  const states = JSON.stringify(Object.fromEntries(reached));
  t.diagnostic(`${histories} histories, ${worlds} worlds, ${tried} happenings tried: ${states}`);
  return found;
}

describe('the rules notice it when', () => {
  const faults = [...asScenes(faultyMachines, usual), ...asScenes(faultyUnasked, unasked)];
  for (const { name, machine, scene } of faults) {
    test(name, (t) => {
      const { broken } = explore(5, scene, machine);
      assert.ok(broken, 'every rule was kept');
      t.diagnostic(`${broken.history.join('; ')}: ${broken.rules.join(', ')}`);
    });
  }
});

function asScenes(faulty: typeof faultyMachines, scene: Scene) {
  return Object.entries(faulty).map(([name, machine]) => ({ name, machine, scene }));
}
