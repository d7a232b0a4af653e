#!/usr/bin/env node
// Starts the agent. It is TypeScript, which Node runs as it is from version 24; an older Node finds the newer one
// that npm installed beside it, and passes signals, output and exit code through.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const here = realpathSync(fileURLToPath(import.meta.url));
const main = join(dirname(here), '..', 'src', 'main.ts');

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  await import(new URL('../src/main.ts', import.meta.url).href);
} else {
  const node = findNode(dirname(here));
  if (node === undefined) {
    process.stderr.write(
      `postern-agent needs Node ${neededMajor} or newer, and this is Node ${process.versions.node}. Run npm install in its folder: that brings one along.\n`,
    );
    process.exit(1);
  }
  passThrough(node);
}

/** The Node that npm installed as an optional dependency, in the nearest node_modules above. */
function findNode(folder) {
  const windows = process.platform === 'win32';
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`;
  const path = join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(path)) return path;
  const parent = dirname(folder);
  return parent === folder ? undefined : findNode(parent);
}

function passThrough(node) {
  // The channel closes when this process dies, however it dies, and the agent then ends by itself.
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const signals = process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${node} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    // Ends as the agent ended, so that whoever started this sees the same.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
