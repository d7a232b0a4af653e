import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proveAudit } from './audit.ts';

// The short form; `npm run proof audit` is the long one, over a month.
test('each damage to an audit log is found and told apart', async () => {
  const said: string[] = [];
  const held = await proveAudit({ seed: 20_261_121, entries: 2000, times: 40, say: (line) => void said.push(line) });
  assert.ok(held, said.join('\n'));
});
