import type { ChainHead } from '../chain.ts';
import { type Checkpoint, claimedCheckpoint, openCheckpoint } from '../checkpoints/checkpoint.ts';
import { type NoteKey, NoteKeyError, readNoteKey } from '../checkpoints/signed-note.ts';
import { Found } from './found.ts';

/** What is known of a log from elsewhere. */
export interface LogKnowledge {
  /** The key that must have signed it, as GET /v1/audit/key gives it. Without it, the one that the file names. */
  key?: string;
  /** Signed notes of checkpoints that were kept elsewhere. */
  checkpoints?: readonly string[];
  head?: ChainHead;
}

/** A checkpoint that was kept elsewhere, with its note. */
export type KeptCheckpoint = Checkpoint & { note: string };

/** The key in C2SP form. @throws Found unreadable; `which` says what key that is */
export function keyOf(vkey: string, which: string): NoteKey {
  try {
    return readNoteKey(vkey);
  } catch (error) {
    if (!(error instanceof NoteKeyError)) throw error;
    throw new Found('unreadable', null, `Of the log, ${which} is unreadable: ${error.message}.`);
  }
}

/**
 * The checkpoints that were kept, those that cover least first. Against a key that is known, one that it did not sign says
 * nothing: whoever can write to the folder could have put it there.
 *
 * @throws Found unreadable, unsigned
 */
export function keptCheckpoints(notes: readonly string[], key: NoteKey | undefined): KeptCheckpoint[] {
  const kept = notes.map((note) => {
    const checkpoint = claimedCheckpoint(note);
    // Nothing is ever signed before the first entry.
    if (checkpoint === undefined || checkpoint.size === 0)
      throw new Found('unreadable', null, 'What was given as a checkpoint is none.');
    if (key !== undefined && checkpoint.origin === key.name && openCheckpoint(note, key) === undefined)
      throw new Found(
        'unsigned',
        null,
        `The checkpoint of ${checkpoint.size} entries that was given is not signed by the key that was given: it says nothing.`,
      );
    return Object.assign(checkpoint, { note });
  });
  return kept.toSorted((left, right) => left.size - right.size);
}
