export { deviceQuery, type DeviceFacts, factsOf, readDeviceFacts } from './facts.ts';
export { freshStartHash, isFreshStart } from './fresh-start.ts';
export { deviceRoutes, type DeviceRouteDeps } from './routes.ts';
export { type Standing, standingOf } from './standing.ts';
