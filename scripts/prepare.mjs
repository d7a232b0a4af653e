/**
 * What start and test need before anything of the product can run: the packages, and Node 24. Plain
 * JavaScript without dependencies, because it runs on whatever Node (20 or newer) the person has.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Not import.meta.dirname, which the first releases of Node 20 do not have.
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

const bin = join(root, 'node_modules', '.bin');

function packagesAreCurrent() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  // npm keeps what it installed in this file; it names the same packages as the lock when nothing is missing.
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const present = packages(installed);
  return Object.entries(packages(join(root, 'package-lock.json'))).every(
    ([path, { version, optional, link }]) =>
      !path.includes('node_modules/') || optional || link || present[path]?.version === version,
  );
}

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Postern needs Node.js 20 or newer to start; this is ${process.versions.node}.`);
  process.exit(1);
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

/** Builds the console where that has not been done since its sources changed. Says what it does. */
export function buildConsole() {
  const folder = join(root, 'server', 'console');
  const built = changedAt(join(folder, 'dist', 'index.html'));
  const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(folder, name));
  if (built >= Math.max(...sources.map(newest), newest(join(root, 'package-lock.json')))) return;
  console.log('Building the console …');
  const started = Date.now();
  const { status } = spawnSync(
    findNode24(),
    [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
    {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: toolEnvironment(),
    },
  );
  if (status !== 0) {
    console.error('The console could not be built; see above.');
    process.exit(1);
  }
  console.log(`Console built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

function changedAt(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

/** When a file, or anything in a folder, was changed last. */
function newest(place) {
  if (!existsSync(place) || !statSync(place).isDirectory()) return changedAt(place);
  return Math.max(changedAt(place), ...readdirSync(place).map((name) => newest(join(place, name))));
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
  if (major >= 24) return process.execPath;
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
