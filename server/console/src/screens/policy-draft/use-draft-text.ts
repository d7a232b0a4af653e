import { useState } from 'react';
import type { Draft } from '../../parts/policy/types.ts';

/**
 * The text of a draft while somebody edits it. When another one saves meanwhile: who has written nothing sees theirs at
 * once; who has is asked.
 */
export function useDraftText(draft: Draft) {
  const [began, setBegan] = useState(draft);
  const [text, setText] = useState(draft.document);
  const [note, setNote] = useState(draft.note ?? '');
  const isDirty = text !== began.document || note.trim() !== (began.note ?? '');
  const isBehind = draft.version !== began.version;
  const take = (from: Draft) => {
    setBegan(from);
    setText(from.document);
    setNote(from.note ?? '');
  };
  // The text here is what was stored: there is nothing to ask about.
  const isSameText = text === draft.document && note.trim() === (draft.note ?? '');
  if (isBehind && (!isDirty || isSameText)) take(draft);
  return {
    text,
    setText,
    note,
    setNote,
    isDirty,
    /** The version that was read when the editing began: what a save is held to. */
    version: began.version,
    conflict: isBehind && isDirty && !isSameText,
    takeTheirs: () => take(draft),
    /** Go on with one's own text, knowing theirs. */
    keepMine: () => setBegan(draft),
    take,
  };
}
