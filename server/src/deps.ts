import type { Logger } from 'pino';
import type { Clock } from '@postern/shared/time';
import type { AnonymousRefusals } from './audit/anonymous-refusals.ts';
import type { Config } from './config.ts';
import type { CurrentPolicies } from './policy/current.ts';
import type { Random } from './random.ts';
import type { Store } from './storage/store.ts';
import type { Nonces } from './tokens/nonces.ts';
import type { SignalKeys, SigningKeys } from './tokens/signing-keys.ts';

/** What app.ts hands to the capabilities. Each takes the part it needs (`Pick<Deps, …>`). */
export interface Deps {
  config: Config;
  store: Store;
  clock: Clock;
  random: Random;
  log: Logger;
  policies: CurrentPolicies;
  nonces: Nonces;
  signingKeys: SigningKeys;
  signalKeys: SignalKeys;
  /** Bounds what unknown callers leave in the audit. One for the whole process. */
  anonymousRefusals: AnonymousRefusals;
}
