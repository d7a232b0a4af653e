import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 as ofBackend } from '@postern/shared/digest';
import { sha256, toBase64Url, utf8 } from './bytes.ts';

test('a hash is what the backend computes', async () => {
  for (const text of ['', '{"tier":"high"}', 'é\u{1f512}'])
    assert.equal(toBase64Url(await sha256(utf8(text))), ofBackend(text));
});
