import type { ResourceAccess, ResourceTier } from '@postern/shared/protocol/resource';
import type { Releases } from '../releases/index.ts';
import type { Brake } from './brake.ts';
import type { CompiledPolicy } from './types.ts';

/** All that verdicts are judged by, as it stood at one epoch. */
export interface Rulebook {
  /** Rises with every change of anything in here. */
  epoch: string;
  policies: readonly CompiledPolicy[];
  /** Of resources that were given one. */
  tiers: ReadonlyMap<string, ResourceTier>;
  /** Of resources that offer temporary access, and are open only under it. */
  access: ReadonlyMap<string, ResourceAccess>;
  releases: Releases;
  /** Those that hold; whether one still does at an instant, hold.ts says. */
  brakes: readonly Brake[];
}
