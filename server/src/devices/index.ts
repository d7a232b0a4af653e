export { actOnDevice } from './act.ts';
export { deviceQuery, type DeviceFacts, factsOf, readDeviceFacts } from './facts.ts';
export { freshStartHash, isFreshStart } from './fresh-start.ts';
export type { DeviceAction } from './lifecycle.ts';
export { knownStandingOf } from './known-standing.ts';
export { listDevices } from './list.ts';
export { deviceRoutes, type DeviceRouteDeps } from './routes.ts';
export { type Standing, standingOf } from './standing.ts';
export { judgedReadings, subjectOf } from './subject.ts';
