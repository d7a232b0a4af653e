import type { Trust, TrustCause } from './trust.ts';

const sentences: Readonly<Record<TrustCause, string>> = {
  compliant: 'The device meets the policy.',
  device_pending: 'The device waits for an admin to admit it.',
  device_suspended: 'An admin suspended the device.',
  device_retired: 'The device was retired.',
  device_quarantined: 'The device is in quarantine: its key or its history was seen twice.',
  owner_inactive: 'The person whose device this is has left.',
  never_attested: 'The device has not reported its posture yet.',
  evidence_stale: 'The device has not reported its posture in time.',
  posture_refused: 'The device does not meet the policy.',
};

const mostNamed = 10;

/** Why a device is trusted or not, for the admin of a receiver: rules by their names, nothing that a person wrote or a device reported. */
export function trustReason({ cause, rules }: Pick<Trust, 'cause' | 'rules'>): string {
  if (rules.length === 0) return sentences[cause];
  const more = rules.length > mostNamed ? ` and ${rules.length - mostNamed} more` : '';
  return `${sentences[cause]} Rules: ${rules.slice(0, mostNamed).join(', ')}${more}.`;
}

/** `reason_admin` and `reason_user` are objects, language to text (CAEP section 2). */
export function inEnglish(text: string): { en: string } {
  return { en: text };
}
