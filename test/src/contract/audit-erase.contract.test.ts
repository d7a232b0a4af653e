import assert from 'node:assert/strict';
import { eraseTextAt, eraseTextsOf, readChain, verifyChain } from '@postern/server/audit/index';
import { openDesk } from '@postern/server/exceptions/testing/desk';
import { insert } from '@postern/server/storage/change';
import type { Store } from '@postern/server/storage/store';
import { onBothStores } from './both-stores.ts';

const by = { actor: { kind: 'system', id: null }, reason: 'Request of 3 May' } as const;
const words = ['my broken disk', 'HELP-77', 'she told me so', 'no longer ill', 'it was her illness'];

/** A notice and a delivery that told of an entry, as notify/ writes them. */
async function tell(store: Store, seq: number, text: string, person: string): Promise<void> {
  const told = { type: 'exception.requested', event_id: `audit:${seq}`, body: JSON.stringify({ title: 'Erin', text }) };
  const delivery = { channel: 'webhook', target: 'whk_1', state: 'waiting', attempts: 0, created_at: 1, next_at: 1 };
  await store.commit({
    changes: [
      insert('notices', { ...told, id: `ntc_${seq}`, person_id: person, at: 1, subject_id: null, read_at: null }),
      insert('deliveries', {
        ...told,
        ...delivery,
        id: `dlv_${seq}`,
        claimed_until: 0,
        done_at: null,
        status: null,
        error: null,
      }),
    ],
    audit: [],
  });
}

/** Everything that is stored in the tables where people's words stand, as one text. */
async function stored(store: Store): Promise<string> {
  const all = await Promise.all(
    (['exceptions', 'exception_decisions', 'reviews', 'notices', 'deliveries', 'audit_texts', 'audit'] as const).map(
      (table) => store.read.selectFrom(table).selectAll().execute(),
    ),
  );
  return JSON.stringify(all);
}

async function scene(t: Parameters<typeof openDesk>[0], store: Store) {
  const desk = await openDesk(t, store);
  const asked = await desk.asked({ justification: 'Because of my broken disk', ticket: 'HELP-77' });
  const [requested] = await store.read
    .selectFrom('audit')
    .select('seq')
    .where('type', '=', 'exception.requested')
    .execute();
  const seq = requested?.seq ?? assert.fail('nothing was recorded');
  await tell(store, seq, 'Because of my broken disk (HELP-77)', desk.bob.id);
  return { desk, asked, seq };
}

onBothStores(
  'what a person wrote, and was told of them, is erased from requests, decisions, reviews and messages too',
  async (t, database) => {
    const store = await database.open();
    const { desk, asked } = await scene(t, store);
    assert.equal((await desk.act(desk.bob, 'approve', asked, { reason: 'she told me so' })).status, 200);
    assert.equal((await desk.act(desk.bob, 'revoke', asked, { reason: 'she is no longer ill' })).status, 200);
    const review = { kind: 'exception', subject_id: asked.id, reason: 'standing', reviewers: '[]', opened_at: 1 };
    const decided = { due_at: 2, overdue_at: null, decided_at: 2, decided_by: desk.bob.id, verdict: 'keep' };
    await store.commit({
      changes: [
        insert('reviews', {
          ...review,
          ...decided,
          id: 'rev_1',
          person_id: desk.erin.id,
          note: 'it was her illness',
        }),
      ],
      audit: [],
    });
    const other = await desk.asked(
      { justification: 'Nothing of all that, I only travel' },
      await desk.addDevice(await desk.addPerson('Olga', ['employee'])),
    );
    const before = await stored(store);
    for (const word of words) assert.ok(before.includes(word), word);

    const erased = await eraseTextsOf(store, desk.erin.id, by, desk.clock.at);
    assert.ok(erased.texts >= 3 && erased.copies >= 5, JSON.stringify(erased));
    const after = await stored(store);
    for (const word of words) assert.ok(!after.includes(word), word);
    assert.ok(after.includes('Nothing of all that'), 'what others wrote stays');

    const seen = await desk.seen(asked);
    assert.deepEqual(
      [seen.justification, seen.ticket, seen.endedReason, seen.requestHash],
      ['[erased]', '[erased]', '[erased]', asked.requestHash],
      'what was approved is still what was asked for',
    );
    assert.equal((await desk.act(desk.bob, 'approve', other)).status, 200, 'and the rest goes on');
    assert.deepEqual(await eraseTextsOf(store, desk.erin.id, by, desk.clock.at), { texts: 0, copies: 0 });
    assert.equal((await verifyChain(readChain(store.read))).outcome, 'intact');
  },
);

onBothStores(
  'of one entry the text is erased from the request and the messages that hold it, and the request can still be approved',
  async (t, database) => {
    const store = await database.open();
    const { desk, asked, seq } = await scene(t, store);
    const erased = await eraseTextAt(store, seq, by, desk.clock.at);
    assert.deepEqual(erased, { texts: 1, copies: 3 });
    const after = await stored(store);
    for (const word of words) assert.ok(!after.includes(word), word);
    const approved = await desk.act(desk.bob, 'approve', asked, { requestHash: asked.requestHash });
    assert.equal(approved.body.state, 'active', approved.code);
    await assert.rejects(eraseTextAt(store, seq, by, desk.clock.at), { code: 'not_found' });
  },
);

onBothStores('who edits a request while it is erased does not write the text back', async (t, database) => {
  const store = await database.open();
  const { desk, asked } = await scene(t, store);
  const edit = desk.own('edit', asked, { duration: '1h' });
  const [, edited] = await Promise.all([eraseTextsOf(store, desk.erin.id, by, desk.clock.at), edit]);
  assert.ok([200, 409].includes(edited.status), edited.code);
  await eraseTextsOf(store, desk.erin.id, by, desk.clock.at);
  const after = await stored(store);
  for (const word of words) assert.ok(!after.includes(word), word);
});
