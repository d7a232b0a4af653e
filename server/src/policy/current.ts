import type { CompiledPolicy } from './types.ts';

/** The published policies, compiled and kept in memory for as long as the epoch stands. */
export interface CurrentPolicies {
  /** `epoch` is what the caller read together with its facts; a newer one makes this read the policies again. */
  at(epoch: string): Promise<readonly CompiledPolicy[]>;
}
