export { releaseBrake } from './act.ts';
export { brakeRoutes } from './routes.ts';
export { listBrakes } from './view.ts';
export { forgetFlips, watchBrakes } from './watch.ts';
