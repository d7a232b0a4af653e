/** `npm run build`: the console, for servers that are not started by `npm start`. Everything else runs as it stands. */
import { buildConsole, installPackages } from './prepare.mjs';

installPackages();
buildConsole();
console.log('Built: server/console/dist.');
