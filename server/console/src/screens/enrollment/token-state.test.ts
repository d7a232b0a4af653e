import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenState } from './token-state.ts';

test('a token says why it enrolls nothing any more', () => {
  const now = Date.parse('2026-11-21T09:00:00Z');
  const open = { revoked: false, usesLeft: 1, expiresAt: '2026-11-21T09:00:01.000Z' };
  assert.equal(tokenState(open, now), 'open');
  assert.equal(tokenState(open, now + 1000), 'over');
  assert.equal(tokenState({ ...open, usesLeft: 0 }, now), 'used');
  assert.equal(tokenState({ ...open, usesLeft: 0, revoked: true }, now), 'revoked');
});
