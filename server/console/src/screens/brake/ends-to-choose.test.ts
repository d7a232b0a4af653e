import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsToChoose } from './ends-to-choose.ts';

test('usual lengths as far as there is room, and as long as it can', () => {
  const offered = endsToChoose('2026-11-21T00:00:00.000Z', '2026-11-22T12:00:00.000Z');
  assert.deepEqual(
    offered.map(({ hours }) => hours),
    [4, 24, undefined],
  );
  assert.equal(offered[0]?.until, '2026-11-21T04:00:00.000Z');
  assert.equal(offered.at(-1)?.until, '2026-11-22T12:00:00.000Z');
});

test('one that lasts as long as it can already cannot be held longer', () => {
  assert.deepEqual(endsToChoose('2026-11-21T00:00:00.000Z', '2026-11-21T00:00:00.000Z'), []);
});
