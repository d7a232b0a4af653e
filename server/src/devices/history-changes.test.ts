import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reading, someReadings } from '../attestation/testing/readings.ts';
import { checkChanges, verdictChange } from './history-changes.ts';

const verdict = (status: string, rules: object) => ({ status, rules: JSON.stringify(rules), policies: '[]' });
const fine = { outcome: 'pass', standing: 'fine' };
const blocked = { outcome: 'fail', standing: 'blocked' };

test('a verdict names the rules that stand otherwise than before, those that came and those that went', () => {
  const before = verdict('compliant', { 'a/one': fine, 'a/two': fine, 'a/gone': fine });
  const change = verdictChange(before, verdict('non-compliant', { 'a/one': fine, 'a/two': blocked, 'a/new': fine }));
  assert.deepEqual([change.from, change.to], ['compliant', 'non-compliant']);
  assert.deepEqual(change.rules, [
    { rule: 'a/gone', from: fine, to: null },
    { rule: 'a/new', from: null, to: fine },
    { rule: 'a/two', from: fine, to: blocked },
  ]);
});

test('the first verdict comes from nothing', () => {
  const change = verdictChange(undefined, verdict('compliant', { 'a/one': fine }));
  assert.deepEqual([change.from, change.rules], [null, [{ rule: 'a/one', from: null, to: fine }]]);
});

test('a check has changed when it says something else, not when it was only read again', () => {
  const before = someReadings(0);
  assert.deepEqual(checkChanges(before, someReadings(1000)), []);
  const off = reading({ enabled: false, provider: 'ufw' }, 1000);
  const [change, ...others] = checkChanges(before, someReadings(1000, { firewall: off }));
  assert.deepEqual(others, []);
  assert.equal(change?.check, 'firewall');
  assert.deepEqual([change.from, change.to], [before['firewall'], off]);
});

test('names that devices chose are no members of anything', () => {
  const read = reading(1, 0);
  const odd = JSON.parse('{"__proto__": null}') as Record<string, typeof read>;
  const changes = checkChanges({}, { ...odd, constructor: read });
  assert.deepEqual(
    changes.map(({ check, from }) => [check, from]),
    [['constructor', null]],
  );
});
