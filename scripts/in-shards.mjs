/**
 * `node in-shards.mjs <count> <pattern>…`: the tests of these files, in so many processes side by side, each with its share of the
 * files one after the other. A process for each file would spend more time on loading the same modules than on testing.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const [, , count, ...patterns] = process.argv;
const reporter = join(import.meta.dirname, 'reporter.mjs');

const run = (shard) =>
  new Promise((resolve) => {
    const share = `--test-shard=${shard}/${count}`;
    const args = ['--test', '--test-isolation=none', share, `--test-reporter=${reporter}`, ...patterns];
    spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).once('exit', (code) =>
      resolve(code ?? 1),
    );
  });

const codes = await Promise.all(Array.from({ length: Number(count) }, (_, index) => run(index + 1)));
process.exitCode = Math.max(...codes);
