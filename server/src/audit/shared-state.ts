import type { Deps } from '../deps.ts';
import type { Store } from '../storage/store.ts';
import { AuditReads } from './access.ts';
import { Checkpointer } from './checkpoints/checkpointer.ts';

export type AuditDeps = Pick<Deps, 'store' | 'config' | 'clock' | 'log'>;

interface AuditState {
  checkpointer: Checkpointer;
  reads: AuditReads;
}

const states = new WeakMap<Store, AuditState>();

/** What the routes and the jobs of one server have in common. */
export function stateOf(deps: AuditDeps): AuditState {
  const known = states.get(deps.store);
  if (known !== undefined) return known;
  const state = { checkpointer: new Checkpointer(deps), reads: new AuditReads() };
  states.set(deps.store, state);
  return state;
}
