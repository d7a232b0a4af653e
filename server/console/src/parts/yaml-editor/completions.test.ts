import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { offersAt } from './completions.ts';
import type { JsonSchema } from './schema-at.ts';
import { yamlPlaceAt } from './yaml-place.ts';

const file = new URL('../../../../../docs/policy.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(file, 'utf8')) as JsonSchema;

const offered = (text: string) => {
  const [before = '', after = ''] = text.split('|');
  const place = yamlPlaceAt(before, after);
  return place === undefined ? [] : offersAt(schema, place);
};
const labels = (text: string) => offered(text).map(({ label }) => label);

test('a policy begins with its keys, those that it must have marked', () => {
  assert.deepEqual(
    offered('|')
      .filter(({ isRequired }) => isRequired)
      .map(({ label }) => label),
    ['policy', 'title', 'rules'],
  );
  assert.ok(!labels('policy: a\n|').includes('policy'), 'it stands there already');
});

test('the check of a rule is one of the catalogue, with what it looks at', () => {
  const firewall = offered('rules:\n  - check: |').find(({ label }) => label === 'firewall');
  assert.ok(firewall?.detail !== undefined && firewall.info !== undefined && firewall.info.length > 20);
});

test('words that may stand somewhere are offered there', () => {
  assert.deepEqual(labels('enforcement: |'), ['enforce', 'report-only']);
  assert.deepEqual(labels('rules:\n  - severity: |'), ['info', 'low', 'medium', 'high', 'critical']);
  assert.deepEqual(labels('applies_to:\n  platforms: [|'), ['linux', 'macos', 'windows']);
  assert.deepEqual(labels('rules:\n  - report_only: |'), ['true', 'false']);
});

test('of alternatives all are offered: no exceptions, or terms of them', () => {
  assert.deepEqual(labels('rules:\n  - exceptions: |'), ['false']);
  assert.ok(labels('rules:\n  - exceptions:\n      |').includes('max_duration'));
});

test('where nothing is known, nothing is offered', () => {
  assert.deepEqual(labels('nonsense:\n  |'), []);
});
