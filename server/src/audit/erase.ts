import { type Change, deleteAny } from '../storage/change.ts';

/**
 * Erases what a person wrote at an entry. The entry keeps the salted hash of it, so the chain still verifies, and
 * without the salt, which goes with the text, nobody can find out what it said. Erasing twice is no error.
 */
export function eraseText(seq: number): Change {
  return deleteAny('audit_texts', { seq });
}
