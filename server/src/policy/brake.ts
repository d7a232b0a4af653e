import type { Platform } from '@postern/shared/checks/define';
import type { Instant } from '@postern/shared/time';

/** One check is doubted on one build: changes to the worse since then are held back. */
export interface Brake {
  id: string;
  check: string;
  platform: Platform;
  /** As os-version reports it. */
  build: string;
  flipsSince: Instant;
  /** From then on it holds nothing any more. */
  endsAt: Instant;
}
