import assert from 'node:assert/strict';
import { test } from 'node:test';
import { howTheyEnded } from './how-they-ended.ts';

test('what was approved counts as approved whatever became of it, and apart where no person did', () => {
  const counts = howTheyEnded([
    { state: 'revoked', approvedAt: 1, byPeople: true },
    { state: 'active', approvedAt: 1, byPeople: false },
    { state: 'denied', approvedAt: null, byPeople: false },
    { state: 'withdrawn', approvedAt: null, byPeople: false },
    { state: 'lapsed', approvedAt: null, byPeople: false },
    { state: 'pending', approvedAt: null, byPeople: false },
  ]);
  assert.deepEqual(counts, { approved: 1, withoutApproval: 1, denied: 1, withdrawn: 1, unanswered: 1, waiting: 1 });
});
