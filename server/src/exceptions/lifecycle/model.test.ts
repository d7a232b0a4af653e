import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDesk } from '../testing/desk.ts';
import { playHistories } from '../testing/histories.ts';

test('any history of what people, devices and time do is as the model has it: states, places, and one entry for each step', async (t) => {
  const reached = await playHistories(await openDesk(t), 40);
  t.diagnostic(JSON.stringify(Object.fromEntries(reached)));
  // A test that never gets anywhere would agree with anything.
  const ends = [
    'denied',
    'withdrawn',
    'lapsed',
    'expired',
    'revoked',
    'relinquished',
    'resolved',
    'superseded',
    'voided',
  ];
  const more = ['granted in stages', 'scheduled, then expired', 'extension expired', 'extension lapsed'];
  for (const state of [...ends, ...more]) assert.ok((reached.get(state) ?? 0) > 0, `no history reached ${state}`);
});
