import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { environment, root } from './command.ts';

const program = resolve(root, 'server', 'bin', 'postern-server.mjs');

/**
 * `postern-server serve` as its own process, up to the moment when it answers.
 *
 * @param within a command that runs it, as `taskset` does; it must become the server's process
 */
export async function startServerProcess(
  env: Record<string, string>,
  within: readonly string[] = [],
): Promise<{ child: ChildProcess; output: () => string }> {
  const [command, ...args] = [...within, process.execPath, program, 'serve'];
  const child = spawn(command, args, {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const output = () => printed;
  const url = `http://127.0.0.1:${env['POSTERN_PORT'] ?? ''}/readyz`;
  for (let tries = 0; tries < 400; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${printed}`);
    const ready = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return { child, output };
    await wait(25);
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not become ready:\n${printed}`);
}

/** Sends the signal and waits until the process is gone. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  else return;
  await ended;
}
