import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peopleText, scopeText, scopeTitle } from './scope.ts';

test('what is asked for is said in short: rules, resources where it is only for some, and the role of access', () => {
  const rules = ['baseline/firewall'];
  assert.equal(scopeText({ rules, resources: [], role: null }), 'an exception from baseline/firewall');
  assert.equal(
    scopeText({ rules, resources: ['https://a.example'], role: null }),
    'an exception from baseline/firewall, for https://a.example',
  );
  assert.equal(
    scopeText({ rules: [], resources: ['https://a.example'], role: 'reader' }),
    'access to https://a.example as reader',
  );
  assert.equal(scopeTitle({ rules, resources: [], role: null }), 'An exception from baseline/firewall');
});

test('who decides is any approver, approvers in groups, the manager, or either', () => {
  assert.equal(peopleText({ groups: null, manager: false }), 'any approver');
  assert.equal(peopleText({ groups: ['it', 'security'], manager: false }), 'approvers in it or security');
  assert.equal(peopleText({ groups: null, manager: true }, 'your manager'), 'your manager');
  assert.equal(peopleText({ groups: ['it'], manager: true }), 'the manager or approvers in it');
});
