import type { ResourceTier } from '@postern/shared/protocol/resource';
import type { Ownership, KeyProtection } from '@postern/shared/protocol/enrollment';
import type { Platform } from '@postern/shared/checks/define';
import type { Instant } from '@postern/shared/time';
import type { Releases } from '../releases/index.ts';
import type { CompiledPolicy } from './types.ts';

/** All that verdicts are judged by, as it stood at one epoch. */
export interface Rulebook {
  /** Rises with every change of anything in here. */
  epoch: string;
  policies: readonly CompiledPolicy[];
  /** Of resources that were given one. */
  tiers: ReadonlyMap<string, ResourceTier>;
  releases: Releases;
  /** Those that hold; whether one still does at an instant, hold.ts says. */
  brakes: readonly Brake[];
}

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

/** Whom and what is judged: all that decides which policies apply, beside the readings. */
export interface Subject {
  platform: Platform;
  ownership: Ownership;
  keyProtection: KeyProtection;
  person: { id: string; email: string; groups: readonly string[] };
}
