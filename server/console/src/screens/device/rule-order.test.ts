import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RuleResult } from '@postern/shared/protocol/verdict';
import { sortRules } from './rule-order.ts';

const rule = (title: string, standing: RuleResult['standing'], outcome: RuleResult['outcome'] = 'fail') =>
  ({ title, standing, outcome }) as RuleResult;

test('what is in the way stands first, and every rule stands somewhere', () => {
  const rules = [
    rule('fine', 'fine', 'pass'),
    rule('no answer, and none needed', 'fine', 'unknown'),
    rule('grace', 'grace'),
    rule('elsewhere', 'not-applicable', 'not-applicable'),
    rule('blocked b', 'blocked'),
    rule('blocked a', 'blocked', 'unknown'),
    rule('excepted', 'excepted'),
  ];
  const { attention, fine, silent } = sortRules(rules);
  assert.deepEqual(
    attention.map(({ title }) => title),
    ['blocked a', 'blocked b', 'grace', 'excepted'],
  );
  assert.equal(attention.length + fine.length + silent.length, rules.length);
  assert.deepEqual(
    silent.map(({ title }) => title),
    ['no answer, and none needed', 'elsewhere'],
  );
});
