export { ownerOf } from '../protocol/token.ts';
export { createGateway, type Gateway } from './gateway.ts';
export { type Nonces, statelessNonces } from './nonces.ts';
export type { GatewayOptions, Mode } from './options.ts';
export { memoryReplayStore, type MemoryReplayOptions, type ProofUse, type ReplayStore } from './replays.ts';
export type { RefusalCode } from './refusal.ts';
export type { SignalsOptions } from './signals/signals.ts';
export type {
  Allowed,
  Denied,
  GatewayRequest,
  OnProblem,
  Outcome,
  Problem,
  RequestHeaders,
  Requirements,
} from './types.ts';
