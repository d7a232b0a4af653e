import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditEventTypes } from '@postern/server/audit/event';
import { audit } from '../../../server/console/src/strings/en/audit.ts';

test('the console says in words what each entry of the audit is, and finds it in one group', () => {
  assert.deepEqual(
    auditEventTypes.filter((type) => !Object.hasOwn(audit.titles, type)),
    [],
  );
  const unknown = Object.keys(audit.titles).filter((type) => !(auditEventTypes as readonly string[]).includes(type));
  assert.deepEqual(unknown, [], 'words for what no entry is');
  for (const type of auditEventTypes) {
    const word = type.slice(0, type.indexOf('.'));
    assert.equal(audit.groups.filter(({ words }) => words.includes(word)).length, 1, type);
  }
});
