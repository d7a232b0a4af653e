import type { DeviceKey } from '../keys/provider.ts';
import type { AgentState } from '../state/state.ts';
import type { Backend, Prover } from './client.ts';

/** An enrolled device that talks to its backend. */
export interface Session {
  state: AgentState;
  key: DeviceKey;
  backend: Backend;
}

/** Who proves possession of the key in calls of this device. */
export function proverOf({ key, state }: Session): Prover {
  return { key, issuer: state.server.issuer };
}
