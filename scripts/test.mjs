/** `npm test`: every suite, what each found, and a last line that counts. Names on the command line choose suites. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsole, findNode24, installPackages, root, toolEnvironment } from './prepare.mjs';

const node = (pattern) => ['node', ['scripts/in-shards.mjs', '2', pattern]];

// The compiler of today; the one before it is there for tools that read syntax through it.
const tsc = 'node_modules/typescript-7/bin/tsc';

/** Name, and the command, which is a test by itself. */
const checks = {
  types: ['node', [tsc, '-p', 'tsconfig.json']],
  'console types': ['node', [tsc, '-p', 'server/console/tsconfig.json']],
  lint: ['oxlint', ['--type-aware']],
  format: ['oxfmt', ['--check']],
  'dead code': ['knip', ['--no-progress']],
  'lock file and licences': ['node', ['scripts/check-packages.mjs']],
};

/** Name, and the command, which leaves counts. */
const suites = {
  architecture: node('test/src/architecture/*.test.ts'),
  unit: ['turbo', ['run', 'unit', '--concurrency=2', '--output-logs=full', '--log-prefix=none', '--continue']],
  contract: node('test/src/contract/*.test.ts'),
  'end to end': node('test/src/e2e/*.test.ts'),
  gateways: node('test/src/gateways/*.test.ts'),
  'security checklist': node('test/src/checklist/*.test.ts'),
  browser: node('test/src/browser/*.test.ts'),
  demands: node('test/src/demands/*.test.ts'),
  proof: node('test/src/proof/*.test.ts'),
};

installPackages();
buildConsole();
console.log(
  `Node ${process.versions.node} starts the suites; they run on ${findNode24().startsWith(root) ? 'the Node 24 that the project brings' : 'this Node'}.`,
);
console.log('PostgreSQL for the tests comes from an npm package; no Debian packages are needed.');

const chosen = process.argv.slice(2);
const names = [...Object.keys(checks), ...Object.keys(suites)];
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(2);
}

// Hundreds of processes load the same modules: types are stripped once.
const compiled = mkdtempSync(join(tmpdir(), 'postern-compiled-'));
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));

/** @type {{ passed: number, failed: number, skipped: string[] }} */
const total = { passed: 0, failed: 0, skipped: [] };
const isChosen = (name) => chosen.length === 0 || chosen.includes(name);
const secondsSince = (started) => ((Date.now() - started) / 1000).toFixed(1);

/** Runs it to its end. What it says comes in one piece, when others run beside it. */
function run(command, args, { counts, isAlone }) {
  const started = Date.now();
  const child = spawn(command, args, {
    cwd: root,
    stdio: isAlone ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    env: toolEnvironment({ POSTERN_TEST_COUNTS: counts ?? '', NODE_COMPILE_CACHE: compiled }),
    shell: process.platform === 'win32',
  });
  let said = '';
  child.stdout?.on('data', (chunk) => (said += chunk));
  child.stderr?.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ status: 1, said: `  ${error.message}\n`, seconds: secondsSince(started) }),
    );
    child.once('close', (status) => resolve({ status, said, seconds: secondsSince(started) }));
  });
}

function readCounts(folder) {
  const reports = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  rmSync(folder, { recursive: true });
  const sum = { passed: 0, failed: 0, skipped: [] };
  for (const report of reports) {
    sum.passed += report.passed;
    sum.failed += report.failed;
    sum.skipped.push(...report.skipped);
  }
  return sum;
}

// Each of these is one process that keeps one core busy: side by side they take as long as the longest.
await Promise.all(
  Object.entries(checks)
    .filter(([name]) => isChosen(name))
    .map(async ([name, [command, args]]) => {
      const { status, said, seconds } = await run(command, args, { isAlone: false });
      total[status === 0 ? 'passed' : 'failed'] += 1;
      console.log(`\n${name}\n${said}  ${name}: ${status === 0 ? 'passed' : 'failed'} (${seconds} s)`);
    }),
);

for (const [name, [command, args]] of Object.entries(suites)) {
  if (!isChosen(name)) continue;
  console.log(`\n${name}`);
  const counts = mkdtempSync(join(tmpdir(), 'postern-counts-'));
  const { status, said, seconds } = await run(command, args, { counts, isAlone: true });
  if (said !== '') console.error(said);
  const sum = readCounts(counts);
  // A suite that fails without a failed test, or that ran no test, has failed all the same.
  if ((status !== 0 && sum.failed === 0) || sum.passed + sum.failed + sum.skipped.length === 0) sum.failed += 1;
  total.passed += sum.passed;
  total.failed += sum.failed;
  total.skipped.push(...sum.skipped);
  console.log(`  ${name}: ${sum.passed} passed, ${sum.failed} failed (${seconds} s)`);
}

for (const skipped of total.skipped) console.log(`skipped: ${skipped}`);
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : ''}`,
);
process.exit(total.failed === 0 ? 0 : 1);
