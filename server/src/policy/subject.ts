import type { Platform } from '@postern/shared/checks/define';
import type { KeyProtection, Ownership } from '@postern/shared/protocol/enrollment';

/** Whom and what is judged: all that decides which policies apply, beside the readings. */
export interface Subject {
  platform: Platform;
  ownership: Ownership;
  keyProtection: KeyProtection;
  person: { id: string; email: string; groups: readonly string[] };
}
