import { sha256 } from '@postern/shared/digest';

/**
 * What stands in `evidence.hash` after an admin released a device from quarantine, and after a backup was restored.
 *
 * Releasing says: I have looked at both histories, let this key report again. Neither branch can be told to be
 * the true one, so the history starts anew: `evidence` keeps a sequence number (the highest that was ever seen
 * of this key, accepted or refused) with this hash, which is the hash of no attestation. The next attestation
 * must have a higher number, so that nothing signed before can be replayed, and may name any predecessor.
 * From then on the ordinary rule holds: if two machines still hold the key, the second one to report is a
 * fork, and the device is in quarantine again. `received_at` is 0: until that attestation came, the evidence is
 * stale and there is no token.
 *
 * Restoring a backup does the same to all devices: what they attested since is not in it.
 */
export const freshStartHash = sha256('postern: fresh start after quarantine');

export function isFreshStart(evidence: { hash: string } | null): boolean {
  return evidence?.hash === freshStartHash;
}
