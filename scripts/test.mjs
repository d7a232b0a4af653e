/** `npm test`: every suite, what each found, and a last line that counts. Names on the command line choose suites. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsole, findNode24, installPackages, root, toolEnvironment } from './prepare.mjs';

const node = (pattern) => ['node', ['scripts/in-shards.mjs', '2', pattern], 'counts'];

/** Name, and the command: one that is a test by itself, or one that leaves counts. */
const suites = {
  types: ['tsc', ['-p', 'tsconfig.json']],
  'console types': ['tsc', ['-p', 'server/console/tsconfig.json']],
  lint: ['oxlint', ['--type-aware']],
  format: ['oxfmt', ['--check']],
  'dead code': ['knip', ['--no-progress']],
  'lock file and licences': ['node', ['scripts/check-packages.mjs']],
  architecture: node('test/src/architecture/*.test.ts'),
  unit: [
    'turbo',
    ['run', 'unit', '--concurrency=2', '--output-logs=full', '--log-prefix=none', '--continue'],
    'counts',
  ],
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
const unknown = chosen.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}

// Hundreds of processes load the same modules: types are stripped once.
const compiled = mkdtempSync(join(tmpdir(), 'postern-compiled-'));
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));

/** @type {{ passed: number, failed: number, skipped: string[] }} */
const total = { passed: 0, failed: 0, skipped: [] };
for (const [name, [command, args, leavesCounts]] of Object.entries(suites)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n${name}`);
  const counts = mkdtempSync(join(tmpdir(), 'postern-counts-'));
  const started = Date.now();
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: toolEnvironment({ POSTERN_TEST_COUNTS: counts, NODE_COMPILE_CACHE: compiled }),
    shell: process.platform === 'win32',
  });
  if (error) console.error(`  ${error.message}`);
  const reports = readdirSync(counts).map((file) => JSON.parse(readFileSync(join(counts, file), 'utf8')));
  rmSync(counts, { recursive: true });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (leavesCounts) {
    const sum = { passed: 0, failed: 0, skipped: 0 };
    for (const report of reports) {
      sum.passed += report.passed;
      sum.failed += report.failed;
      sum.skipped += report.skipped.length;
      total.skipped.push(...report.skipped);
    }
    // A suite that fails without a failed test, or that ran no test, has failed all the same.
    if ((status !== 0 && sum.failed === 0) || sum.passed + sum.failed + sum.skipped === 0) sum.failed += 1;
    total.passed += sum.passed;
    total.failed += sum.failed;
    console.log(`  ${name}: ${sum.passed} passed, ${sum.failed} failed (${seconds} s)`);
  } else {
    total[status === 0 ? 'passed' : 'failed'] += 1;
    console.log(`  ${name}: ${status === 0 ? 'passed' : 'failed'} (${seconds} s)`);
  }
}

for (const skipped of total.skipped) console.log(`skipped: ${skipped}`);
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : ''}`,
);
process.exit(total.failed === 0 ? 0 : 1);
