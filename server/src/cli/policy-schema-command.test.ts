import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyJsonSchema } from '../policy/index.ts';
import { commandLine } from './testing/command-line.ts';

test('policy schema prints the schema for editors, and needs neither database nor configuration', async (t) => {
  const run = commandLine(t, { POSTERN_DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  const { code, out } = await run('policy', 'schema');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), policyJsonSchema());
  assert.match((await run('policy', 'schema', '--help')).out, /Example:\n {2}postern-server policy schema/);
});
