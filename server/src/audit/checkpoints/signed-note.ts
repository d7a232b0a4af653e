import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

/** A key that signed notes are checked with (C2SP signed-note). */
export interface NoteKey {
  name: string;
  /** 4 bytes: tells keys of one name apart, and is no more than a hint. */
  id: Buffer;
  key: KeyObject;
  /** The key as C2SP writes it: name, id and key, joined by plus signs. */
  vkey: string;
}

export interface NoteSigner extends NoteKey {
  /** @param text ends in a line end */
  sign(text: string): string;
}

/** That is no verifier key. */
export class NoteKeyError extends Error {
  override readonly name = 'NoteKeyError';
}

const ed25519 = 1;
/** More than 16 signatures of the largest kind that C2SP knows. */
const longestNote = 128 * 1024;
const nameForm = /^[^\s+\p{Cc}]{1,300}$/u;
// PKCS #8 (RFC 8410) of an Ed25519 key, up to its 32 bytes.
const privateKeyHead = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * @param seed 32 bytes
 * @param name without spaces and plus signs
 */
export function noteSigner(seed: Buffer, name: string): NoteSigner {
  const secret = createPrivateKey({ key: Buffer.concat([privateKeyHead, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(secret).export({ format: 'jwk' });
  const known = noteKey(name, Buffer.from(x ?? '', 'base64url'));
  return {
    ...known,
    sign: (text) => {
      const signature = sign(null, Buffer.from(text, 'utf8'), secret);
      return `${text}\n\u2014 ${name} ${Buffer.concat([known.id, signature]).toString('base64')}\n`;
    },
  };
}

/** @throws NoteKeyError when it is no Ed25519 key as C2SP signed-note writes it, or its id is not its own */
export function readNoteKey(vkey: string): NoteKey {
  const [, name, id, material] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(vkey) ?? [];
  if (name === undefined || id === undefined || material === undefined || !nameForm.test(name))
    throw new NoteKeyError('not a verifier key: it must be a name, eight hexadecimal digits and a key, joined by +');
  const bytes = Buffer.from(material, 'base64');
  if (bytes.length !== 33 || bytes[0] !== ed25519) throw new NoteKeyError('not an Ed25519 verifier key');
  const known = noteKey(name, bytes.subarray(1));
  if (known.vkey !== vkey) throw new NoteKeyError('the id of the verifier key is not that of its key');
  return known;
}

function noteKey(name: string, publicKey: Buffer): NoteKey {
  if (!nameForm.test(name)) throw new NoteKeyError('not a name for a key');
  const material = Buffer.concat([Buffer.from([ed25519]), publicKey]);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), material]), 'buffer').subarray(0, 4);
  return {
    name,
    id,
    key: createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
      format: 'jwk',
    }),
    vkey: `${name}+${id.toString('hex')}+${material.toString('base64')}`,
  };
}

export interface NoteParts {
  text: string;
  signatures: { name: string; id: Buffer; signature: Buffer }[];
}

/** Takes a note apart without believing it. Undefined for what is no note. */
export function splitNote(note: string): NoteParts | undefined {
  if (note.length > longestNote || !note.isWellFormed() || /(?!\n)\p{Cc}/u.test(note) || !note.endsWith('\n'))
    return undefined;
  const end = note.lastIndexOf('\n\n');
  if (end === -1) return undefined;
  const signatures = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name, encoded] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    const bytes = Buffer.from(encoded ?? '', 'base64');
    // Base64 that is written in another way than it would be is not what was written.
    if (name === undefined || bytes.length < 5 || bytes.toString('base64') !== encoded) return undefined;
    signatures.push({ name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) });
  }
  return { text: note.slice(0, end + 1), signatures };
}

/** The text of a note that this key signed; undefined where it did not, or one of its signatures is wrong. */
export function openNote(note: string, { name, id, key }: NoteKey): string | undefined {
  const parts = splitNote(note);
  const own = parts?.signatures.filter((each) => each.name === name && each.id.equals(id)) ?? [];
  if (parts === undefined || own.length === 0) return undefined;
  const text = Buffer.from(parts.text, 'utf8');
  return own.every(({ signature }) => verify(null, text, key, signature)) ? parts.text : undefined;
}
