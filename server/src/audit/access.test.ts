import assert from 'node:assert/strict';
import test from 'node:test';
import { AuditReads } from './access.ts';

const at = 1_790_000_000_000 - (1_790_000_000_000 % 60_000);
const look = (from: string, personId = 'usr_1') => ({ personId, what: 'page', filter: { from } }) as const;

test('who tries a thousand filters within a minute writes a handful of entries, and none of the looks is lost', () => {
  const reads = new AuditReads();
  const written = [];
  for (let index = 0; index < 1000; index += 1) written.push(...reads.record(look(`t${index}`), 2, at + index));
  assert.equal(written.length, 21);
  assert.deepEqual(written.at(-1)?.data, { what: 'page', filter: { various: true }, entries: 2 });
  assert.equal(reads.record(look('t0', 'usr_2'), 1, at).length, 1, 'another person is told apart');
  assert.deepEqual(reads.record(look('t3'), 5, at), [], 'what is recorded is counted where it is');
  const later = reads.flush(at + 60_000).map(({ data }) => data);
  assert.deepEqual(later, [
    { what: 'page', filter: { from: 't3' }, entries: 5, times: 1 },
    { what: 'page', filter: { various: true }, entries: 979 * 2, times: 979 },
  ]);
  assert.equal(reads.record(look('t999'), 1, at + 60_000).length, 1, 'a new minute');
});
