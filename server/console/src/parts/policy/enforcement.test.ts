import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enforcementOf, withEnforcement } from './enforcement.ts';

test('a document without a word is enforced', () => {
  assert.equal(enforcementOf('policy: a\ntitle: b\nrules: []'), 'enforce');
  assert.equal(enforcementOf('policy: a\nenforcement: report-only # for now\n'), 'report-only');
});

test('the word is changed where it stands, and the comment stays', () => {
  assert.equal(
    withEnforcement('policy: a\nenforcement: report-only # for now\nrules: []', 'enforce'),
    'policy: a\nenforcement: enforce # for now\nrules: []',
  );
});

test('where there is none it stands behind the name, also when that goes on below', () => {
  assert.equal(
    withEnforcement('policy: a\nrules: []', 'report-only'),
    'policy: a\nenforcement: report-only\nrules: []',
  );
  assert.equal(
    withEnforcement('title: >-\n  a\n  b\npolicy: a\n', 'report-only'),
    'title: >-\n  a\n  b\nenforcement: report-only\npolicy: a\n',
  );
});

test('a rule that speaks of enforcement is not meant', () => {
  const document = 'policy: a\nrules:\n  - id: x\n    enforcement: no\n';
  assert.equal(enforcementOf(document), 'enforce');
  assert.match(withEnforcement(document, 'report-only'), /^policy: a\nenforcement: report-only\nrules/);
});
