export { createGatewayAuthenticator } from './authenticator.ts';
export { readBasicCredentials } from './basic-credentials.ts';
export { demoResource, ensureDemoGateway } from './demo-gateway.ts';
export { createKnownGateways, type Credentials, type Recognised } from './known-gateways.ts';
export { createResources, knownResources, resourceEpoch } from './resources.ts';
export { gatewayRoutes } from './routes.ts';
