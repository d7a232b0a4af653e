import assert from 'node:assert/strict';
import { pino } from 'pino';
import type { AuditEvent } from '@postern/server/audit/event';
import { eraseTextsOf, exportLog, verifyLog, verifyStored } from '@postern/server/audit/index';
import { readAuditPage } from '@postern/server/audit/search/page';
import { stateOf } from '@postern/server/audit/shared-state';
import { testConfig } from '@postern/server/testing/test-config';
import { minute } from '@postern/shared/time';
import { onBothStores } from './both-stores.ts';

const now = Date.UTC(2026, 10, 21, 9);
const admin = { kind: 'person', id: 'usr_1' } as const;

const event = (index: number): AuditEvent => ({
  at: now + index,
  type: index % 2 === 0 ? 'token.issued' : 'token.refused',
  outcome: index % 2 === 0 ? 'success' : 'failure',
  actor: { kind: 'person', id: `usr_${index % 3}` },
  subject: null,
  data: { index, outcome: 'success' },
  text: `because ${index}`,
});

onBothStores(
  'the audit is signed by several nodes, read, erased from, exported and proven offline',
  async (t, database) => {
    const config = testConfig(t);
    const nodes = [];
    for (let count = 0; count < 3; count += 1)
      nodes.push({ store: await database.open(), config, clock: { now: () => now }, log: pino({ level: 'silent' }) });
    const [deps] = nodes;
    if (deps === undefined) assert.fail();
    const { store } = deps;
    for (let round = 0; round < 3; round += 1) {
      const audit = Array.from({ length: 200 }, (_, index) => event(round * 200 + index));
      await store.commit({ changes: [], audit });
      await Promise.all(nodes.map((node) => stateOf(node).checkpointer.signAll(now + round * minute)));
    }
    const checkpoints = await store.read.selectFrom('audit_checkpoints').select('size').orderBy('size').execute();
    assert.deepEqual(
      checkpoints.map(({ size }) => size),
      [200, 400, 600],
    );

    const failures = await readAuditPage(
      store.read,
      { outcome: 'failure', to: now + 6 },
      { before: undefined, limit: 10 },
    );
    assert.deepEqual(
      failures.items.map(({ data }) => data['index']),
      [5, 3, 1],
    );
    const erasure = { actor: admin, reason: 'Request of 3 May' };
    assert.deepEqual(await eraseTextsOf(store, 'usr_2', erasure, now), { texts: 200, copies: 0 });
    assert.equal((await verifyStored(store.read, config, undefined)).outcome, 'intact');

    const { lines } = await exportLog(deps, { format: 'jsonl', filter: {}, withText: true }, admin, now);
    let file = '';
    for await (const line of lines) file += line;
    assert.ok(file.includes('because 3"') && !file.includes('because 5"'));
    const verdict = await verifyLog([Buffer.from(file)]);
    assert.deepEqual([verdict.outcome, 'entries' in verdict && verdict.entries], ['intact', 602]);
  },
);
