/**
 * `node in-shards.mjs <count> <pattern>…`: the tests of these files, in so many processes side by side, each with its share of the
 * files one after the other. A process for each file would spend more time on loading the same modules than on testing.
 */
import { spawn } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [, , count, ...patterns] = process.argv;
const reporter = join(import.meta.dirname, 'reporter.mjs');

/** Long files take long: from the longest on, each goes to whoever has least, so that all are done at about the same time. */
function deal(files) {
  const shares = Array.from({ length: Number(count) }, () => ({ files: [], size: 0 }));
  const bySize = files.map((file) => ({ file, size: statSync(file).size })).toSorted((a, b) => b.size - a.size);
  for (const { file, size } of bySize) {
    const least = shares.reduce((one, other) => (other.size < one.size ? other : one));
    least.files.push(file);
    least.size += size;
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
