import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { endProcess } from './server-process.ts';

/** A gateway that answers under https://app.example at this port of 127.0.0.1. */
export interface RunningGateway {
  port: number;
  /** What it has logged. */
  log(): string;
}

const folders = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];

/** Where a program is on this machine; undefined when it is not. */
export function findProgram(name: string): string | undefined {
  if (name.startsWith('/')) return existsSync(name) ? name : undefined;
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

/** Starts a gateway in the foreground, and waits until it takes connections. It ends with the test. */
export async function startGatewayProcess(
  t: { after(clean: () => Promise<void>): void },
  { program, args, port, env = {} }: { program: string; args: string[]; port: number; env?: Record<string, string> },
): Promise<RunningGateway> {
  const child = spawn(program, args, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  t.after(() => endProcess(child, 'SIGTERM'));
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}:\n${printed}`);
    if (await Promise.race([answers(port), failed])) return { port, log: () => printed };
    await wait(25);
  }
  throw new Error(`${program} did not listen on ${port}:\n${printed}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
