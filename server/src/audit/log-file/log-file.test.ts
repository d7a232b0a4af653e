import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { forgedLog, makeLog, type MadeLog } from '../testing/made-log.ts';
import type { LogKnowledge } from './verify-log.ts';
import { verifyLog } from './verify-log.ts';

const small = await makeLog({ entries: 6, checkpointEvery: 2, seed: 1 });
const bytes = Buffer.from(small.text);
const lines = small.text.split('\n').slice(0, -1);
const joined = (of: readonly string[]) => of.map((line) => `${line}\n`).join('');
const judge = (text: string | Uint8Array, known: LogKnowledge = {}) => verifyLog([Buffer.from(text)], known);
const outcomeOf = async (text: string | Uint8Array, known: LogKnowledge = {}) => (await judge(text, known)).outcome;
const isEntry = (line: string) => line.startsWith('{"entry"');

describe('a log file', () => {
  test('as it was written is intact, in whatever pieces it arrives', async () => {
    const verdict = await judge(small.text, { key: small.key, head: small.head });
    assert.deepEqual(verdict, {
      outcome: 'intact',
      entries: 6,
      head: small.head,
      checkpoints: 3,
      signed: 6,
      key: small.key,
    });
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    assert.equal((await verifyLog(single)).outcome, 'intact');
    const empty = await makeLog({ entries: 0, checkpointEvery: 2, seed: 1 });
    assert.equal((await judge(empty.text)).outcome, 'intact');
  });

  test('in which any single byte was changed is altered, and nothing else', async () => {
    for (let at = 0; at < bytes.length; at += 1) {
      for (const byte of [(bytes[at] ?? 0) ^ 1, [0x0a, (bytes[at] ?? 0) ^ 0x80, 0x20][at % 3]]) {
        if (byte === bytes[at]) continue;
        const changed = Buffer.from(bytes);
        changed[at] = byte ?? 0;
        const verdict = await judge(changed);
        assert.equal(
          verdict.outcome,
          'altered',
          `byte ${at} of ${bytes.length} to ${byte}: ${JSON.stringify(verdict)}`,
        );
      }
    }
  });

  test('of which any single byte was taken away, or one put in, is not intact', async () => {
    for (let at = 0; at < bytes.length; at += 3) {
      assert.notEqual(await outcomeOf(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])), 'intact');
      assert.notEqual(
        await outcomeOf(Buffer.concat([bytes.subarray(0, at), Buffer.from(' '), bytes.subarray(at)])),
        'intact',
      );
    }
  });

  test('that was cut off, anywhere, is truncated', async () => {
    for (let length = 0; length < bytes.length; length += 1)
      assert.equal(await outcomeOf(bytes.subarray(0, length)), 'truncated', `after ${length} bytes`);
    for (let count = 0; count < lines.length; count += 1)
      assert.equal(await outcomeOf(joined(lines.slice(0, count))), 'truncated', `after ${count} lines`);
  });

  test('of which a line is gone is missing it', async () => {
    for (const [index, line] of lines.entries()) {
      if (index === lines.length - 1) continue;
      const verdict = await judge(joined(lines.toSpliced(index, 1)));
      assert.equal(verdict.outcome, 'missing', line);
      if (isEntry(line))
        assert.equal('seq' in verdict && verdict.seq, lines.slice(0, index + 1).filter(isEntry).length);
    }
  });

  test('in which a line stands twice is altered, and one in which lines changed places is not intact', async () => {
    for (const [index, line] of lines.entries()) {
      assert.equal(await outcomeOf(joined(lines.toSpliced(index, 0, line))), 'altered', line);
      for (const [other, another] of lines.entries()) {
        if (other !== index)
          assert.notEqual(await outcomeOf(joined(lines.with(index, another).with(other, line))), 'intact');
      }
    }
  });

  test('that is none is unreadable', async () => {
    for (const text of ['hello\n', '{}\n', '[1,2]\n', '{"header":1}\n', '\0\0\0\n'])
      assert.equal(await outcomeOf(text), 'unreadable', JSON.stringify(text));
  });
});

describe('a log that somebody without the key rewrote, consistently', () => {
  const rewrittenFrom = async (seq: number, options: Parameters<typeof forgedLog>[2]) =>
    (await forgedLog(small, seq, options)).text;

  test('and left the signatures in is forked at the first of them that covers the change', async () => {
    for (let seq = 1; seq <= 6; seq += 1) {
      const verdict = await judge(await rewrittenFrom(seq, { signatures: 'kept' }));
      assert.deepEqual([verdict.outcome, 'seq' in verdict && verdict.seq], ['forked', seq + (seq % 2)]);
    }
  });

  test('and took the signatures out that would show it is unsigned from there', async () => {
    for (let seq = 1; seq <= 6; seq += 1) {
      const verdict = await judge(await rewrittenFrom(seq, { signatures: 'dropped' }));
      assert.deepEqual([verdict.outcome, 'seq' in verdict && verdict.seq], ['unsigned', seq + (seq % 2) - 1]);
    }
  });

  test('and signed with a key of its own is found by the right key, by a checkpoint and by a head', async () => {
    const forged = await rewrittenFrom(3, { signatures: 'own' });
    assert.equal(await outcomeOf(forged, { key: small.key }), 'unsigned');
    const [before, ...after] = small.notes;
    for (const note of after) assert.equal(await outcomeOf(forged, { checkpoints: [note] }), 'forked');
    assert.equal(
      await outcomeOf(forged, { checkpoints: [before ?? ''] }),
      'unsigned',
      'it covers nothing that was changed',
    );
    assert.equal(await outcomeOf(forged, { head: small.head }), 'forked');
    assert.equal(await outcomeOf(forged), 'intact', 'by itself, a file names its own key');
  });
});

describe('a log that was cut off consistently, signatures and all', () => {
  test('is truncated against a checkpoint or a head that was kept', async () => {
    const shorter: MadeLog = await makeLog({ entries: 4, checkpointEvery: 2, seed: 1 });
    assert.equal(await outcomeOf(shorter.text), 'intact');
    assert.equal(await outcomeOf(shorter.text, { checkpoints: small.notes }), 'truncated');
    assert.equal(await outcomeOf(shorter.text, { head: small.head }), 'truncated');
    assert.equal(await outcomeOf(small.text, { checkpoints: shorter.notes, head: shorter.head }), 'intact');
  });

  test('what is no checkpoint, or one of another log, is said', async () => {
    const other = await makeLog({ entries: 6, checkpointEvery: 2, seed: 2, chainId: 'other' });
    assert.equal(await outcomeOf(small.text, { checkpoints: ['nonsense'] }), 'unreadable');
    assert.equal(await outcomeOf(small.text, { key: 'nonsense' }), 'unreadable');
    assert.equal(await outcomeOf(small.text, { checkpoints: other.notes }), 'forked');
    assert.equal(await outcomeOf(small.text, { key: other.key }), 'unsigned');
  });
});

test('erased texts leave a log intact; other texts do not', async () => {
  const without = await makeLog({ entries: 6, checkpointEvery: 2, seed: 1, withText: false });
  assert.ok(!without.text.includes('because'));
  assert.equal(await outcomeOf(without.text), 'intact');
  assert.ok(small.text.includes('because'));
  assert.equal(await outcomeOf(small.text.replace('because', 'why not')), 'altered');
});

test('whatever the entries hold, the file is intact, and no byte of it can be another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (seed, where, flip) => {
      const log = await makeLog({ entries: 6, checkpointEvery: 4, seed, hostile: true });
      assert.equal(await outcomeOf(log.text), 'intact');
      const changed = Buffer.from(log.text);
      const at = where % changed.length;
      changed[at] = (changed[at] ?? 0) ^ flip;
      assert.equal(await outcomeOf(changed), 'altered');
    }),
    { numRuns: 150 },
  );
});
