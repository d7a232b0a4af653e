/**
 * What start and test need before anything of the product can run: the packages, and Node 24. Plain
 * JavaScript without dependencies, because it runs on whatever Node (20 or newer) the person has.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');

function packagesAreCurrent() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  // npm keeps what it installed in this file; it names the same packages as the lock when nothing is missing.
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const present = packages(installed);
  return Object.entries(packages(join(root, 'package-lock.json'))).every(
    ([path, { version, optional, link }]) =>
      path === '' || optional || link || present[path] === undefined || present[path].version === version,
  );
}

/** Installs the packages of the lock file when they are missing or others. Says what it does. */
export function installPackages() {
  if (packagesAreCurrent()) return;
  console.log('Installing packages (npm ci) …');
  const started = Date.now();
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm ci failed; see above. Postern needs the npm registry for this step.');
    process.exit(1);
  }
  console.log(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** The Node that the product runs on: the one it brings, or this one when it is new enough. */
export function findNode24() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const brought = join(
    root,
    'node_modules',
    `node-${system}-${process.arch}`,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(brought)) return brought;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  console.error(
    `Postern needs Node 24, and brings it for Linux and 64-bit Windows only. This is Node ${process.versions.node} on ${process.platform}: install Node 24.`,
  );
  process.exit(1);
}

/** The environment in which `node` and the project's tools are found. */
export function toolEnvironment(more = {}) {
  return {
    ...process.env,
    PATH: [join(findNode24(), '..'), bin, process.env.PATH].join(delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    ...more,
  };
}
