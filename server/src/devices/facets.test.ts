import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facetsOf } from './facets.ts';
import type { FleetCell } from './fleet-count.ts';

const cell = (some: Partial<FleetCell>): FleetCell => ({
  state: 'active',
  platform: 'linux',
  keyProtection: 'software',
  ownership: 'corporate',
  quarantine: 'no',
  status: 'compliant',
  devices: 1,
  ...some,
});

const cells = [
  cell({ devices: 5 }),
  cell({ devices: 3, platform: 'windows' }),
  cell({ devices: 2, platform: 'windows', status: 'grace' }),
  cell({ devices: 1, status: 'grace', quarantine: 'yes' }),
  cell({ devices: 4, status: null }),
];

test('a facet is counted under the other filters, and without its own', () => {
  const { total, facets } = facetsOf(cells, { platform: 'windows', status: 'grace' }, 0);
  assert.equal(total, 2);
  assert.deepEqual([facets.platform.linux, facets.platform.windows, facets.platform.macos], [1, 2, 0]);
  assert.deepEqual([facets.status.compliant, facets.status.grace], [3, 2]);
  assert.deepEqual(facets.quarantine, { yes: 0, no: 2 });
});

test('devices that were not looked at yet are in no count of a status, and are said', () => {
  const { total, facets, notLookedAt } = facetsOf(cells, {}, 0);
  assert.equal(total, 15);
  assert.equal(notLookedAt, 4);
  assert.equal(
    Object.values(facets.status).reduce((sum, count) => sum + count),
    11,
  );
});
