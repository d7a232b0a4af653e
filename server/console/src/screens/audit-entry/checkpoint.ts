import { fromBase64, isSame, joined, sha256, toHex, utf8 } from '../../parts/bytes.ts';

/** A key that checkpoints are checked with, as C2SP signed-note writes it: `name+id+key`. */
export interface LogKey {
  name: string;
  /** Eight hexadecimal digits. */
  id: string;
  /** Ed25519, 32 bytes. */
  key: Uint8Array<ArrayBuffer>;
}

/** What a checkpoint says, whoever signed it (C2SP tlog-checkpoint). */
interface Checkpoint {
  origin: string;
  /** So many entries. */
  size: number;
  root: Uint8Array;
  /** What is signed. */
  text: string;
  signatures: { name: string; id: string; signature: Uint8Array<ArrayBuffer> }[];
}

const ed25519 = 1;

/** Undefined for what is no Ed25519 key, or has an id that is not its own. */
export async function readLogKey(vkey: string): Promise<LogKey | undefined> {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(vkey) ?? [];
  const material = fromBase64(encoded ?? '');
  if (name === undefined || id === undefined || material?.length !== 33 || material[0] !== ed25519) return undefined;
  const own = toHex((await sha256(utf8(`${name}\n`), material)).subarray(0, 4));
  return own === id ? { name, id, key: joined([material.subarray(1)]) } : undefined;
}

/** Takes a note apart without believing it. Undefined for what is no checkpoint: three lines, and signatures. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n') || !note.isWellFormed()) return undefined;
  const text = note.slice(0, end + 1);
  const [, origin, size, encoded] = /^([^\s+]{1,300})\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text) ?? [];
  const root = fromBase64(encoded ?? '');
  if (origin === undefined || size === undefined || root?.length !== 32) return undefined;
  const signatures = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name, signed] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    const bytes = fromBase64(signed ?? '');
    if (name === undefined || bytes === undefined || bytes.length < 5) return undefined;
    signatures.push({ name, id: toHex(bytes.subarray(0, 4)), signature: joined([bytes.subarray(4)]) });
  }
  return { origin, size: Number(size), root, text, signatures };
}

/** Whether this key signed it; undefined where this browser cannot check Ed25519. */
export async function isSignedBy(checkpoint: Checkpoint, { name, id, key }: LogKey): Promise<boolean | undefined> {
  const own = checkpoint.signatures.filter((each) => each.name === name && each.id === id);
  if (own.length === 0 || checkpoint.origin !== name) return false;
  try {
    const verifier = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
    const text = utf8(checkpoint.text);
    const checks = own.map(({ signature }) => crypto.subtle.verify('Ed25519', verifier, signature, text));
    return (await Promise.all(checks)).every(Boolean);
  } catch (error) {
    // A key that is no point of the curve verifies nothing.
    return error instanceof Error && error.name === 'NotSupportedError' ? undefined : false;
  }
}

/** Whether two roots are the same. */
export function leadsTo(root: Uint8Array | undefined, checkpoint: Checkpoint): boolean {
  return root !== undefined && isSame(root, checkpoint.root);
}
