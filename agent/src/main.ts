import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { systemClock } from '@postern/shared/time';
import { collect } from './collect/collect.ts';
import { collectors } from './collect/collectors.ts';
import { realSystem } from './collect/real-system.ts';
import { runProgram } from './cli/program.ts';
import type { Output, Terminal } from './cli/terminal.ts';
import { systemRandom } from './random.ts';
import { systemTimer } from './timer.ts';

function outputOf(stream: WriteStream): Output {
  return { write: (chunk) => void stream.write(chunk), isTTY: stream.isTTY, columns: stream.columns ?? 80 };
}

const system = realSystem();
const stopListeners: (() => void)[] = [];

const terminal: Terminal = {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  readInput: () => text(process.stdin),
  env: process.env,
  machine: { platform: system.platform, uid: system.uid, home: system.home, hostName: hostname() },
  collect: (clockOffsetMs, only) =>
    collect(
      system,
      collectors({ clockOffsetMs: () => clockOffsetMs ?? undefined }),
      only === undefined ? {} : { only },
    ),
  clock: systemClock,
  timer: systemTimer,
  random: systemRandom,
  signals: {
    onStop(listener) {
      stopListeners.push(listener);
      // Not once: a terminal sends SIGINT to the launcher and to this process, and the launcher passes its own on.
      process.on('SIGTERM', listener).on('SIGINT', listener);
      // A terminal that is closed says SIGHUP too; then it does not mean "report now".
      if (process.stdout.isTTY) process.on('SIGHUP', listener);
    },
    onKick(listener) {
      // Windows knows neither in this sense, and refuses to listen for SIGUSR1.
      if (process.platform === 'win32') return;
      if (!process.stdout.isTTY) process.on('SIGHUP', listener);
      process.on('SIGUSR1', listener);
    },
  },
};

// The launcher is gone and can pass no signal on: what it started must not linger.
process.on('disconnect', () => {
  if (stopListeners.length === 0) process.exit(1);
  for (const stop of stopListeners) stop();
});
// Listening alone would keep this process alive for as long as the launcher lives.
process.channel?.unref();

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runProgram(terminal, process.argv.slice(2));
