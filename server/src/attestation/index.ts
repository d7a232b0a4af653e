export type { ExceptionEffects } from './accept.ts';
export type { ReceiveDeps } from './receive.ts';
export { attestationRoutes } from './routes.ts';
export { thinAttestations } from './thin.ts';
