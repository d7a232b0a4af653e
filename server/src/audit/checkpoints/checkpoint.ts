import { type NoteKey, type NoteSigner, openNote, splitNote } from './signed-note.ts';

/** Head of the Merkle tree over the entries of a log (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Names the log. */
  origin: string;
  /** So many entries. */
  size: number;
  /** 32 bytes. */
  root: Buffer;
}

/** The note of a checkpoint, signed. */
export function signCheckpoint(signer: NoteSigner, { origin, size, root }: Checkpoint): string {
  return signer.sign(`${origin}\n${size}\n${root.toString('base64')}\n`);
}

/** A checkpoint that this key signed. Undefined where it did not, or what it signed is no checkpoint. */
export function openCheckpoint(note: string, key: NoteKey): Checkpoint | undefined {
  const text = openNote(note, key);
  return text === undefined ? undefined : readBody(text);
}

/** What a note claims, whoever signed it: to compare it, never to believe it. */
export function claimedCheckpoint(note: string): Checkpoint | undefined {
  const parts = splitNote(note);
  return parts === undefined ? undefined : readBody(parts.text);
}

/** Exactly the three lines that Postern writes: extension lines are refused, nobody could audit them. */
function readBody(text: string): Checkpoint | undefined {
  const [, origin, size, encoded] = /^([^\s+]{1,300})\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text) ?? [];
  if (origin === undefined || size === undefined || encoded === undefined) return undefined;
  const root = Buffer.from(encoded, 'base64');
  return root.toString('base64') === encoded ? { origin, size: Number(size), root } : undefined;
}
