#!/usr/bin/env node
// Starts the agent. It is TypeScript, which Node runs as it is from version 24; an older Node finds the newer one
// that npm installed beside it, and passes signals, output and exit code through.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const here = realpathSync(fileURLToPath(import.meta.url));
const main = join(dirname(here), '..', 'src', 'main.ts');

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  const cache = compileCache();
  if (cache !== undefined) module.enableCompileCache(cache);
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

/**
 * Where Node keeps what it compiled: with it the agent starts in two thirds of the time and runs in 30 MB less. Undefined
 * where others could write to it, because what is in it is run.
 */
function compileCache() {
  const home = homedir();
  const base = {
    darwin: join(home, 'Library', 'Caches'),
    win32: process.env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'),
  };
  const folder = join(
    process.env['XDG_CACHE_HOME'] || (base[process.platform] ?? join(home, '.cache')),
    'postern-agent',
  );
  try {
    const base = dirname(folder);
    // One by one: where no folder can be made (/proc), `recursive` tries for ever.
    if (!existsSync(base)) mkdirSync(base, { mode: 0o700 });
    if (process.platform !== 'win32' && !isOutOfReach(join(realpathSync(base), 'postern-agent'))) return undefined;
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const found = lstatSync(folder);
    if (process.platform === 'win32') return found.isDirectory() ? folder : undefined;
    const isOurs = found.isDirectory() && found.uid === process.geteuid() && (found.mode & 0o022) === 0;
    return isOurs ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether nobody but root and this user can put another folder in this one's place: none above is somebody else's. */
function isOutOfReach(folder) {
  const parent = dirname(folder);
  const { uid, mode } = statSync(parent);
  const isSafe = (uid === 0 || uid === process.geteuid()) && ((mode & 0o022) === 0 || (mode & 0o1000) !== 0);
  return isSafe && (parent === folder || isOutOfReach(parent));
}

function passThrough(node) {
  // The channel closes when this process dies, however it dies, and the agent then ends by itself.
  const cache = compileCache();
  // The agent allocates little at a time: a small nursery keeps 10 MB from a daemon that has no use for them.
  const child = spawn(node, ['--max-semi-space-size=1', main, ...process.argv.slice(2)], {
    env: cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: cache },
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
