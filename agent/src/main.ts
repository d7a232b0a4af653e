import { hostname } from 'node:os';
import type { WriteStream } from 'node:tty';
import { systemClock } from '@postern/shared/time';
import { machineReader } from './collect/machine.ts';
import { runProgram } from './cli/program.ts';
import type { Output, Terminal } from './cli/terminal.ts';
import { systemRandom } from './random.ts';
import { readPower } from './service/power/index.ts';
import { systemTimer } from './timer.ts';

function outputOf(stream: WriteStream): Output {
  // A terminal that does not know its width says zero.
  return { write: (chunk) => void stream.write(chunk), isTTY: stream.isTTY, columns: stream.columns || 80 };
}

const mostInput = 65_536;

/** Standard input, up to more than any secret has. */
async function readInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Paste it, then press Enter and Ctrl-D.\n');
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > mostInput) break;
  }
  return text;
}

const env = { ...process.env };
// Not for the programs that this one starts, nor for what they start.
delete process.env['POSTERN_AGENT_ENROLLMENT_TOKEN'];

const reader = machineReader();
const { system } = reader;
const stopListeners: (() => void)[] = [];

const terminal: Terminal = {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  readInput,
  env,
  machine: { platform: system.platform, uid: system.uid, home: system.home, hostName: hostname() },
  collect: (request) => reader.collect(request),
  power: () => readPower(system),
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

// Output that nobody can be given (a full disk, a terminal that is gone) is no reason for a daemon to stop reporting.
let outputLost = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no fault.
    if (stream === process.stdout && error.code !== 'EPIPE') outputLost = true;
  });
}

const code = await runProgram(terminal, process.argv.slice(2));
if (outputLost) process.stderr.write('Not all of the output could be written.\n');
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => void stream.write('', () => resolve()));
}
// Not by itself: a check that hangs in the kernel, or an idle connection, would keep it waiting.
process.exit(code === 0 && outputLost ? 1 : code);
