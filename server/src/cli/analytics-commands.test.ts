import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { toId } from '@postern/shared/ids';
import { day } from '@postern/shared/time';
import { systemRandom } from '../random.ts';
import { insert } from '../storage/change.ts';
import { migrate, openStore } from '../storage/index.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

const hostile = '=1\u001b[2J\nEve';

test('analytics prints all reports, one of them, or one as CSV, and obeys no name', async (t) => {
  const data = path.join(newFolder(t), 'data');
  const databaseUrl = `sqlite:${path.join(data, 'postern.db')}`;
  await migrate(databaseUrl);
  const store = await openStore(databaseUrl);
  t.after(() => store.close());
  const run = commandLine(t, {}, data);
  assert.match((await run('analytics')).out, /People who approve each other \(reciprocal-pairs, 30 days\)/);

  const reviewer = toId('user', systemRandom.uuid());
  const person = {
    id: reviewer,
    name: hostile,
    email: 'eve@example.org',
    roles: '["employee"]',
    active: 1,
    created_at: 1,
    groups: '[]',
    manager_id: null,
    notify: '{}',
  };
  const review = {
    id: toId('review', systemRandom.uuid()),
    kind: 'emergency',
    subject_id: `exc_${'0'.repeat(32)}`,
    person_id: reviewer,
    reason: 'An emergency was declared.',
    reviewers: '[]',
    opened_at: Date.now() - 2 * day,
    due_at: Date.now() - day,
    overdue_at: null,
    decided_at: null,
    decided_by: null,
    verdict: null,
    note: null,
  };
  await store.commit({ changes: [insert('users', person), insert('reviews', review)], audit: [] });

  const one = await run('analytics', 'overdue-reviews');
  assert.match(one.out, /1 of 1 is over the threshold/);
  assert.match(one.out, /^ {2}! .+=1\[2JEve/m);
  assert.ok(!one.out.includes('\u001b'));
  const asJson = parsed((await run('analytics', 'overdue-reviews', '--days', '90', '--json')).out);
  assert.deepEqual([asJson['report'], asJson['days'], asJson['flagged']], ['overdue-reviews', 90, true]);
  const csv = await run('analytics', 'overdue-reviews', '--csv');
  assert.ok(csv.out.includes(`"'=1`), csv.out);

  for (const wrong of [['--csv'], ['nothing'], ['approvers', '--days', '0'], ['approvers', '--days', 'x']])
    assert.equal((await run('analytics', ...wrong)).code, 2, wrong.join(' '));
});
