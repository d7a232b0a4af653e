/** `npm run demo`: installs and builds what is missing, then makes a company with its devices and serves it, on the Node that it needs. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildConsole, findNode24, installPackages, root, toolEnvironment } from './prepare.mjs';

installPackages();
buildConsole();
const child = spawn(findNode24(), [join(root, 'scripts', 'demo', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: toolEnvironment(),
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
