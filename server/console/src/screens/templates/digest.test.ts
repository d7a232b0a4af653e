import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 as ofBackend } from '@postern/shared/digest';
import { sha256 } from './digest.ts';

test('it is what the backend computes', async () => {
  for (const text of ['', '{"tier":"high"}', 'é\u{1f512}']) assert.equal(await sha256(text), ofBackend(text));
});
