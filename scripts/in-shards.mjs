/**
 * `node in-shards.mjs <count> <pattern>…`: the tests of these files, in so many processes side by side, each with its share of the
 * files one after the other. A process for each file would spend more time on loading the same modules than on testing.
 */
import { spawn } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

const [, , count, ...patterns] = process.argv;
const reporter = join(import.meta.dirname, 'reporter.mjs');

/** Seconds of files that take much longer than others of their length: they start servers, kill them, or count to the end. */
const slow = {
  'notifications-kill': 23,
  'bad-input': 21,
  'signing-keys': 20,
  story: 17,
  operation: 16,
  exhaustive: 10,
  bench: 9,
  'gateway-library': 8,
  'log-file': 8,
  demo: 7,
  'export-stream': 7,
  model: 6,
};
const bytesInOneSecond = 4000;

/** From the one that takes longest on, each goes to whoever has least, so that all are done at about the same time. */
function deal(files) {
  const shares = Array.from({ length: Number(count) }, () => ({ files: [], seconds: 0 }));
  const secondsOf = (file) => slow[basename(file, '.test.ts')] ?? statSync(file).size / bytesInOneSecond;
  const bySeconds = files.map((file) => ({ file, seconds: secondsOf(file) })).toSorted((a, b) => b.seconds - a.seconds);
  for (const { file, seconds } of bySeconds) {
    const least = shares.reduce((one, other) => (other.seconds < one.seconds ? other : one));
    least.files.push(file);
    least.seconds += seconds;
  }
  return shares.map(({ files: share }) => share).filter((share) => share.length > 0);
}

const run = (files) =>
  new Promise((resolve) => {
    const args = ['--test', '--test-isolation=none', `--test-reporter=${reporter}`, ...files];
    spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).once('exit', (code) =>
      resolve(code ?? 1),
    );
  });

const shares = deal(globSync(patterns));
if (shares.length === 0) throw new Error(`no test is called ${patterns.join(' or ')}`);
process.exitCode = Math.max(...(await Promise.all(shares.map(run))));
