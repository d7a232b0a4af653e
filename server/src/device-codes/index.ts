export { authorizeDevice } from './authorize.ts';
export { decideDeviceCode, waitingDevice } from './decide.ts';
export { type ApprovedCode, pollDeviceCode } from './poll.ts';
