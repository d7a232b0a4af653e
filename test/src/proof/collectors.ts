import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// A process of its own: the agent's parts are the agent's, and nothing outside imports them.
const longForm = fileURLToPath(new URL('../../../agent/src/collect/testing/mutation/long-form.ts', import.meta.url));

/** How often each of the recorded machines is spoilt. */
const runs = 2000;

export interface CollectorsProof {
  seed: number;
  runs?: number;
  say: (line: string) => void;
}

/** Starts the long form of the agent's mutation tests and passes on what it says. */
export async function proveCollectors({ seed, runs: often = runs, say }: CollectorsProof): Promise<boolean> {
  const child = spawn(process.execPath, [longForm, String(seed), String(often)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface(child.stdout).on('line', say);
  const [code] = await once(child, 'close');
  return code === 0;
}
