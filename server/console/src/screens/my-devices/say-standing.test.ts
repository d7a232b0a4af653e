import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sayStanding } from './say-standing.ts';

const fine = { state: 'active', status: 'compliant', failing: [], quarantine: null } as const;
const failing = [{ rule: 'baseline/firewall', title: 'Firewall' }];

test('whatever keeps a device out whole is said before what its rules say', () => {
  assert.match(sayStanding({ ...fine, state: 'suspended', quarantine: {} }, false), /suspended/);
  assert.match(sayStanding({ ...fine, state: 'pending', status: 'never-attested' }, false), /admit/);
  assert.match(sayStanding({ ...fine, quarantine: {}, status: 'non-compliant', failing }, false), /Two machines/);
});

test('each standing has its sentence, and one thing is not said as several', () => {
  assert.equal(sayStanding(fine, false), 'Nothing stands in its way.');
  assert.match(sayStanding(fine, true), /because of an exception/);
  assert.match(sayStanding({ ...fine, status: 'non-compliant', failing }, false), /1 rule stands in the way\. Fix it/);
  assert.match(
    sayStanding({ ...fine, status: 'non-compliant', failing: [...failing, ...failing] }, false),
    /2 rules stand in the way\. Fix them/,
  );
  assert.match(sayStanding({ ...fine, status: 'grace', failing }, false), /access for now\. 1 thing has/);
  assert.match(sayStanding({ ...fine, status: 'stale' }, false), /not reported for too long/);
  assert.match(sayStanding({ ...fine, status: 'never-attested' }, false), /not reported yet/);
});
