import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Cores } from './cores.ts';
import { type Operations, rawLimit, type RawLimit } from './raw-limit.ts';

interface Question {
  operations: Operations;
  milliseconds: number;
}

/** Measures the raw limit on the very core that the servers run on, in a process of its own as they are. */
export class LimitProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(cores: Cores): Promise<LimitProcess> {
    const [command, ...args] = [...cores.server, process.execPath, fileURLToPath(import.meta.url)];
    const limit = new LimitProcess(spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
    // What the compiler and the first use of OpenSSL cost is nobody's limit.
    await limit.measure({ verifications: 1, signatures: 1 }, 200);
    return limit;
  }

  async measure(operations: Operations, milliseconds: number): Promise<RawLimit> {
    const answer = once(this.#child, 'message');
    this.#child.send({ operations, milliseconds } satisfies Question);
    return ((await answer) as [RawLimit])[0];
  }

  stop(): void {
    this.#child.disconnect();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('message', ({ operations, milliseconds }: Question) => {
    process.send?.(rawLimit(operations, milliseconds));
  });
}
