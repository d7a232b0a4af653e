import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AuditEvent, systemActor } from './audit/event.ts';
import { createCommitNews } from './commit-news.ts';
import { deleteAny, insert, updateOne } from './storage/change.ts';
import { openTestStore } from './storage/testing/test-store.ts';

const entry = (type: AuditEvent['type']): AuditEvent => ({
  at: 1,
  type,
  outcome: 'success',
  actor: systemActor,
  subject: null,
  data: {},
});

describe('news of commits', () => {
  test('comes for the kinds that were asked for, once it is written, and not of what was refused', async (t) => {
    const news = createCommitNews();
    const store = news.tellOf(await openTestStore(t));
    const heard: string[] = [];
    news.on(['user.changed', 'device.suspended'], () => void heard.push('changed'));
    await store.commit({ changes: [], audit: [entry('token.issued')] });
    assert.deepEqual(heard, []);
    await store.commit({ changes: [], audit: [entry('token.issued'), entry('user.changed')] });
    assert.deepEqual(heard, ['changed']);
    const refused = updateOne('meta', { key: 'not there' }, { value: 'x' });
    await assert.rejects(store.commit({ changes: [refused], audit: [entry('user.changed')] }));
    assert.deepEqual(heard, ['changed']);
  });

  test('names the device of evidence, new or rewritten', async (t) => {
    const news = createCommitNews();
    const inner = await openTestStore(t);
    const store = news.tellOf({ ...inner, commit: async () => undefined });
    const heard: string[] = [];
    news.onEvidence((id) => void heard.push(id));
    const row = { device_id: 'dev_1', seq: 1, hash: 'h', received_at: 1 };
    await store.commit({
      changes: [
        insert('evidence', row),
        updateOne('evidence', { device_id: 'dev_2', seq: 1 }, { seq: 2 }),
        deleteAny('replays', { key: 'x' }),
      ],
      audit: [],
    });
    assert.deepEqual(heard, ['dev_1', 'dev_2']);
  });
});
