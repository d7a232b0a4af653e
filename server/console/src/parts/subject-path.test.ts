import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjectPath } from './subject-path.ts';

const id = (prefix: string) => `${prefix}_${'0'.repeat(32)}`;

test('a notice leads to what it is about', () => {
  assert.equal(subjectPath('exception.approved', id('exc'), false), `/exceptions/${id('exc')}`);
  assert.equal(subjectPath('device.quarantined', id('dev'), true), `/devices/${id('dev')}`);
  assert.equal(subjectPath('policy.published', 'baseline', true), '/policies/baseline');
  assert.equal(subjectPath('template.proposed', 'field-work', true), '/templates');
  assert.equal(subjectPath('account.factor_added', null, false), '/me/account');
});

test('whoever may not see a screen is not led there, but to their own devices', () => {
  assert.equal(subjectPath('device.quarantined', id('dev'), false), '/me');
  assert.equal(subjectPath('policy.published', 'baseline', false), undefined);
  assert.equal(subjectPath('review.decided', id('rvw'), false), undefined);
});

test('what is no id and no name of ours leads nowhere else', () => {
  assert.equal(subjectPath('exception.approved', '//evil.example', true), undefined);
  assert.equal(subjectPath('policy.published', '../../x', true), '/policies/..%2F..%2Fx');
});
