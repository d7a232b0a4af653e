import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { propertyRuns } from '@postern/shared/testing/property-runs';
import { noteSigner } from '../checkpoints/signed-note.ts';
import { forgedLog, makeLog, type MadeLog } from '../testing/made-log.ts';
import type { LogKnowledge } from './knowledge.ts';
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
      keyFrom: 'given',
    });
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    assert.equal((await verifyLog(single)).outcome, 'intact');
    const empty = await makeLog({ entries: 0, checkpointEvery: 2, seed: 1 });
    assert.equal((await judge(empty.text)).outcome, 'intact');
  });

  test('in which any bit of any byte was changed, or a byte put to another, is altered, and nothing else', async () => {
    const tiny = await makeLog({ entries: 2, checkpointEvery: 1, seed: 1 });
    const whole = Buffer.from(tiny.text);
    for (let at = 0; at < whole.length; at += 1) {
      const given = whole[at] ?? 0;
      const flips = Array.from({ length: 8 }, (_, bit) => given ^ (1 << bit));
      for (const byte of new Set([...flips, 0x00, 0x0a, 0x0d, 0x20, 0xff])) {
        if (byte === given) continue;
        const changed = Buffer.from(whole);
        changed[at] = byte;
        const verdict = await judge(changed);
        assert.equal(
          verdict.outcome,
          'altered',
          `byte ${at} of ${whole.length} to ${byte}: ${JSON.stringify(verdict)}`,
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

  test('in which two lines changed places is missing the one that was to come first', async () => {
    for (const [index, line] of lines.entries()) {
      for (const [other, another] of lines.entries()) {
        if (other > index)
          assert.equal(
            await outcomeOf(joined(lines.with(index, another).with(other, line))),
            'missing',
            `${index}, ${other}`,
          );
      }
    }
  });

  test('in which a line stands once more is altered where that is later, and missing what it stands before', async () => {
    const last = lines.length - 1;
    for (const [index, line] of lines.entries()) {
      for (let place = 0; place <= lines.length; place += 1) {
        const expected = place >= index ? 'altered' : 'missing';
        const outcome = await outcomeOf(joined(lines.toSpliced(place, 0, line)));
        // Right before itself is right after itself.
        assert.equal(outcome, place === index && index === last ? 'altered' : expected, `${index} at ${place}`);
      }
    }
  });

  test('that is none is unreadable, and what it is instead is said', async () => {
    const others: [string | Buffer, RegExp][] = [
      ['hello\n', /not an audit log/],
      ['{}\n', /not an audit log/],
      ['{"header":1}\n', /not an audit log/],
      ['\0\0\0\n', /not an audit log/],
      ['CEF:0|Postern|postern-server|1|a|a|3|\n', /without --from, --to and --type/],
      [gzipSync(bytes), /unpack it first/],
      [Buffer.from(`\ufeff${small.text}`, 'utf16le'), /UTF-16/],
      [Buffer.alloc(9 * 1024 * 1024, 0x61), /not an audit log/],
    ];
    for (const [text, why] of others) {
      const verdict = await judge(text);
      assert.equal(verdict.outcome, 'unreadable', String(why));
      assert.match('why' in verdict ? verdict.why : '', why);
    }
  });

  test('that an editor saved anew is altered, and that is said', async () => {
    const saved: [string | Buffer, RegExp][] = [
      [`\ufeff${small.text}`, /byte order mark/],
      [small.text.replaceAll('\n', '\r\n'), /CR LF/],
      [`${small.text}\n`, /after the end/],
      [`${small.text}more`, /after the end/],
      [Buffer.concat([bytes, Buffer.alloc(9 * 1024 * 1024, 0x20)]), /after the end/],
      [`\n${small.text}`, /first line/],
    ];
    for (const [text, why] of saved) {
      const verdict = await judge(text);
      assert.equal(verdict.outcome, 'altered', String(why));
      assert.match('why' in verdict ? verdict.why : '', why);
    }
    const empty = await judge('');
    assert.deepEqual([empty.outcome, 'why' in empty && empty.why], ['truncated', 'The file is empty.']);
  });

  test('in which the same is said in another way is altered', async () => {
    const spellings: [string, string][] = [
      ['{"entry":', '{"entry": '],
      ['{"entry":', '{"entry":"","entry":'],
      ['"seq":6', '"seq":6e0'],
      ['"seq":6', '"seq":6.0'],
      ['"entries":6', '"entries":6e0'],
      ['because', '\\u0062ecause'],
      ['{"checkpoint":', '{"more":1,"checkpoint":'],
      ['{"end":', '{"__proto__":1,"end":'],
      ['{"checkpoint":"', `{"checkpoint":"${'a'.repeat(200_000)}`],
    ];
    for (const [from, to] of spellings) {
      assert.ok(small.text.includes(from), from);
      assert.equal(await outcomeOf(small.text.replace(from, () => to)), 'altered', to);
    }
  });

  test('in which lines of a text stand with its salt, or half a character for another, is altered', async () => {
    const log = await makeLog({
      entries: 9,
      checkpointEvery: 9,
      seed: 3,
      texts: ['I was told to.\nIt was Bob.', 'a \ufffd b'],
    });
    assert.equal(await outcomeOf(log.text), 'intact');
    const hidden = log.text.replace(
      /"salt":"([\w-]+)","text":"I was told to\.\\nIt/,
      '"salt":"$1\\nI was told to.","text":"It',
    );
    const half = log.text.replace('a \ufffd b', 'a \\ud800 b');
    for (const changed of [hidden, half]) {
      assert.notEqual(changed, log.text);
      assert.equal(await outcomeOf(changed), 'altered');
    }
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

  test('a checkpoint that somebody put there proves nothing, and hides no other', async () => {
    const origin = small.key.split('+')[0] ?? '';
    const forged = (size: number) =>
      noteSigner(Buffer.alloc(32, 66), origin).sign(`${origin}\n${size}\n${'A'.repeat(43)}=\n`);
    for (const size of [3, 6, 99])
      assert.equal(await outcomeOf(small.text, { key: small.key, checkpoints: [forged(size)] }), 'unsigned', `${size}`);
    const shorter = await makeLog({ entries: 4, checkpointEvery: 2, seed: 1 });
    assert.equal(await outcomeOf(shorter.text, { checkpoints: [forged(0), ...small.notes] }), 'unreadable');
    const twoOfOneSize = [...small.notes, forged(6)];
    assert.equal(await outcomeOf(small.text, { checkpoints: twoOfOneSize }), 'forked');
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
    propertyRuns(40),
  );
});
