export { createGatewayAuthenticator } from './authenticator.ts';
export { demoResource, ensureDemoGateway } from './demo-gateway.ts';
export { createResources, knownResources, resourceEpoch } from './resources.ts';
export { gatewayRoutes } from './routes.ts';
