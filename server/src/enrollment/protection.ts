import type { KeyProtection, KeyProviderId } from '@postern/shared/protocol/enrollment';

/**
 * What is said of a key when its provider is all that is known. A claim of the agent, and not raised by it:
 * `hardware-attested` is knowledge, and comes only from evidence that was verified. There is no such verifier
 * yet; this is the place where the level is decided, so one for TPM or Apple evidence begins here. Absent evidence
 * lowers the level; bad evidence must refuse the enrollment, never lower it in silence.
 */
const byClaim: Readonly<Record<KeyProviderId, Exclude<KeyProtection, 'hardware-attested'>>> = {
  tpm2: 'hardware-unattested',
  'secure-enclave': 'hardware-unattested',
  'windows-pcp': 'hardware-unattested',
  'os-keystore': 'os-protected',
  file: 'software',
};

/** The protection level that the backend believes of an enrolling key. */
export function keyProtectionOf(claimed: KeyProviderId): KeyProtection {
  return byClaim[claimed];
}
