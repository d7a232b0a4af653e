export { failLeftReplays, replayedEvent } from './end-replay.ts';
export { createReplays, type Replays } from './replays.ts';
export type { ChangedDevice, ReplayPage } from './replay-fleet.ts';
export { replayRoutes } from './routes.ts';
export { startReplay } from './start-replay.ts';
