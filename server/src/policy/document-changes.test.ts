import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyDocumentSchema } from '@postern/shared/protocol/policy';
import { documentChanges } from './document-changes.ts';
import { aRule } from './testing/given.ts';

const documentOf = (rules: object[], rest: object = {}) =>
  policyDocumentSchema.parse({ policy: 'test', title: 'Test', rules, ...rest });
const none = { settings: [], added: [], removed: [], demands: [], otherwise: [] };

test('a document that only stands differently in its file changes nothing', () => {
  const before = documentOf([aRule(), aRule({ id: 'other' })], { max_age: '1h' });
  assert.deepEqual(documentChanges(before, documentOf([aRule({ id: 'other' }), aRule()])), none);
});

test('what is new, gone, demands something else or says it otherwise is told apart', () => {
  const before = documentOf(['kept', 'gone', 'stricter', 'reworded', 'sooner'].map((id) => aRule({ id })));
  const after = documentOf(
    [
      aRule({ id: 'kept' }),
      aRule({ id: 'stricter', require: 'value.enabled == true' }),
      aRule({ id: 'reworded', expected: 'It is switched on.' }),
      aRule({ id: 'sooner', time_to_fix: 0 }),
      aRule({ id: 'new' }),
    ],
    { enforcement: 'report-only', applies_to: { platforms: ['linux'] } },
  );
  assert.deepEqual(documentChanges(before, after), {
    settings: ['applies_to', 'enforcement'],
    added: ['new'],
    removed: ['gone'],
    demands: ['stricter'],
    otherwise: ['reworded', 'sooner'],
  });
});

test('of a new policy all rules are new, of one that ends all are gone', () => {
  const document = documentOf([aRule({ id: 'a' }), aRule({ id: 'b' })]);
  assert.deepEqual(documentChanges(null, document), { ...none, added: ['a', 'b'] });
  assert.deepEqual(documentChanges(document, null), { ...none, removed: ['a', 'b'] });
});
