export { deviceQuery, type DeviceFacts, factsOf, readDeviceFacts } from './facts.ts';
export { type Standing, standingOf } from './standing.ts';
