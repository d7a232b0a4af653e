import type { SignInWay } from '@postern/shared/protocol/sign-in';
import type { Config } from '../../config.ts';
import type { Deps } from '../../deps.ts';
import type { AnyRoute } from '../../http/route.ts';

export type WayDeps = Pick<Deps, 'store' | 'config' | 'random' | 'log'>;

/** One way to sign in. */
export interface Way {
  /** What the sign-in screen offers of it; nothing where it is not configured, or needs no button. */
  offers: (config: Pick<Config, 'signIn' | 'issuer'>) => SignInWay[];
  routes: (deps: WayDeps) => AnyRoute[];
}
