export { brakeRoutes } from './routes.ts';
export { forgetFlips, watchBrakes } from './watch.ts';
