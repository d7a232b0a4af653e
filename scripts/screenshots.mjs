/**
 * `node scripts/screenshots.mjs`: makes docs/screenshots/*.png from a fresh demo. Run by hand when screens have changed.
 * With names behind it makes only those.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildConsole, findNode24, root, toolEnvironment } from './prepare.mjs';

buildConsole();
const child = spawn(findNode24(), [join(root, 'scripts', 'screenshots', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: toolEnvironment(),
});
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
