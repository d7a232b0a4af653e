import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { changeSince } from './change-since.ts';

const seen = { requestHash: 'one', state: 'pending' } as const;
const vote = (id: string) => [{ by: { id, name: 'Somebody' } }] as unknown as ExceptionView['decisions'];
const now = (state: ExceptionView['state'], requestHash = 'one', decisions: ExceptionView['decisions'] = []) => ({
  state,
  requestHash,
  decisions,
});

test('another hash is another request, as long as it waits', () => {
  assert.equal(changeSince(seen, now('pending'), 'me'), null);
  assert.equal(changeSince(seen, now('pending', 'two'), 'me'), 'edited');
});

test('what somebody else decided is said, what one decided oneself is not', () => {
  assert.equal(changeSince(seen, now('active', 'one', vote('eve')), 'me'), 'decided');
  assert.equal(changeSince(seen, now('denied', 'one', vote('me')), 'me'), null);
  assert.equal(changeSince(seen, now('withdrawn', 'one', vote('eve')), 'me'), 'over');
  assert.equal(changeSince(seen, now('lapsed'), 'me'), 'over');
});

test('what was in force when it was opened, and is not any more, has moved', () => {
  const active = { requestHash: 'one', state: 'active' } as const;
  assert.equal(changeSince(active, now('active'), 'me'), null);
  assert.equal(changeSince(active, now('revoked', 'one', vote('eve')), 'me'), 'moved');
});
