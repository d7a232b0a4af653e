export { authorizeDevice } from './authorize.ts';
export { decideDeviceCode, waitingDevice } from './decide.ts';
export { pollDeviceCode } from './poll.ts';
