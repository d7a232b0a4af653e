/** `npm start`: installs what is missing, then starts the backend and this computer's agent on the Node that they need. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildConsole, findNode24, installPackages, root, toolEnvironment } from './prepare.mjs';

installPackages();
buildConsole();
const child = spawn(findNode24(), [join(root, 'scripts', 'start.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: toolEnvironment(),
});
// The terminal sends Ctrl-C to both; a service manager may send its signal to this one only. It waits for the other to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
