import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { claimedCheckpoint, openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { NoteKeyError, noteSigner, openNote, readNoteKey } from './signed-note.ts';

// The example of C2SP signed-note.
const example = {
  vkey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  note: 'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
};

const signer = noteSigner(Buffer.alloc(32, 7), 'postern.example/audit/abc');
const key = readNoteKey(signer.vkey);
const checkpoint = { origin: signer.name, size: 1042, root: Buffer.alloc(32, 9) };

describe('signed notes (C2SP signed-note)', () => {
  test('the example of the specification opens with its key', () => {
    assert.equal(openNote(example.note, readNoteKey(example.vkey)), 'This is an example message.\n');
  });

  test('what is signed opens with the key that belongs to it, also beside the signature of a witness', () => {
    const note = signer.sign('hello\n\nworld\n');
    assert.equal(openNote(note, key), 'hello\n\nworld\n');
    const witnessed = `${note}\u2014 witness.example/w ${Buffer.alloc(76, 1).toString('base64')}\n`;
    assert.equal(openNote(witnessed, key), 'hello\n\nworld\n');
  });

  test('no single byte of a note can be changed', () => {
    const bytes = Buffer.from(signCheckpoint(signer, checkpoint));
    for (let at = 0; at < bytes.length; at += 1) {
      for (const flip of [1, 32, 128]) {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ flip;
        assert.equal(openCheckpoint(altered.toString('utf8'), key), undefined, `byte ${at}`);
      }
    }
  });

  test('another key does not open it, nor one of the same name', () => {
    const note = signCheckpoint(signer, checkpoint);
    for (const other of [
      noteSigner(Buffer.alloc(32, 8), signer.name),
      noteSigner(Buffer.alloc(32, 7), 'other.example'),
    ])
      assert.equal(openCheckpoint(note, other), undefined);
    assert.deepEqual(claimedCheckpoint(note), checkpoint);
  });

  test('a key whose id is not its own, or that is none, is refused', () => {
    for (const vkey of [
      '',
      'a+b+c',
      example.vkey.replace('530d903a', '530d903b'),
      example.vkey.replace('+A', '+B'),
      example.vkey.replace('.com', ' com'),
      `${example.vkey}A`,
    ])
      assert.throws(() => readNoteKey(vkey), NoteKeyError, vkey);
  });

  test('a checkpoint is exactly its three lines', () => {
    assert.deepEqual(openCheckpoint(signCheckpoint(signer, checkpoint), key), checkpoint);
    const root = checkpoint.root.toString('base64');
    for (const text of [
      `${signer.name}\n01\n${root}\n`,
      `${signer.name}\n-1\n${root}\n`,
      `${signer.name}\n1e3\n${root}\n`,
      `${signer.name}\n1\n${root}\nmore\n`,
      `${signer.name}\n1\n${root.slice(0, -2)}x=\n`,
      `${signer.name}\n1\n`,
    ])
      assert.equal(openCheckpoint(signer.sign(text), key), undefined, text);
  });
});
