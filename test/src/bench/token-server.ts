import type { ChildProcess } from 'node:child_process';
import type { Shot } from './load.ts';
import type { Method } from './token-shots.ts';

/** A server in a process of its own that gives tokens, and requests for it that are signed beforehand. */
export interface TokenServer {
  readonly url: string;
  readonly resource: string;
  /** One lane for each of its devices. */
  tokenShots(perLane: number, method: Method): Promise<Shot[][]>;
  /** CPU seconds of its process so far, all its threads. */
  cpuSeconds(): Promise<number>;
  /** While another is measured it does nothing at all: what it does beside its requests is paid in its own rounds. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export function pauseProcess(child: ChildProcess): void {
  if (process.platform !== 'win32') child.kill('SIGSTOP');
}

export function resumeProcess(child: ChildProcess): void {
  if (process.platform !== 'win32') child.kill('SIGCONT');
}
