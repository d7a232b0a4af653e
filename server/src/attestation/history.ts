import { isFreshStart } from '../devices/index.ts';

/** How an attestation stands to the ones before it. Only `next` is accepted. */
export type Classification = 'next' | 'replayed' | 'rolled-back' | 'forked';

/**
 * Places an attestation in the history of its device.
 *
 * - the hash of a known attestation: `replayed`. Somebody sent the same text again; nothing new was signed.
 * - a sequence number that does not rise, with another hash: `rolled-back`. The key signed this number twice, so
 *   its state was set back (a restored backup or snapshot), or two machines hold it.
 * - a rising number that does not name the last attestation: `forked`. The key has a history we do not know.
 *
 * The first attestation of a key names none before it. After a release from quarantine any rising number is next
 * (devices/fresh-start.ts).
 *
 * @param known hashes of what was received under the same number, accepted or refused. The hot path leaves it out:
 *   without it a replay of an older attestation reads as `rolled-back`, so whoever means to act on that looks first.
 */
export function classify(
  previous: { seq: number; hash: string } | null,
  incoming: { seq: number; hash: string; prev: string | null },
  known: readonly string[] = [],
): Classification {
  if (incoming.hash === previous?.hash || known.includes(incoming.hash)) return 'replayed';
  if (previous === null) return incoming.prev === null ? 'next' : 'forked';
  if (incoming.seq <= previous.seq) return 'rolled-back';
  return isFreshStart(previous) || incoming.prev === previous.hash ? 'next' : 'forked';
}
