import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../support/command.ts';

/** Whose properties `npm test` tries a few times only. */
const files = [
  'server/src/exceptions/lifecycle/model.test.ts',
  'server/src/replay/oracle.test.ts',
  'server/src/tokens/kept-facts.test.ts',
  'server/src/audit/log-file/log-file.test.ts',
  'test/src/e2e/bad-input.test.ts',
];
const times = 10;

/** The tests themselves, ten times as long and with any seed. */
export async function proveProperties({ seed, say }: { seed: number; say: (line: string) => void }): Promise<boolean> {
  let holds = true;
  for (const file of files) {
    const started = performance.now();
    const child = spawn(process.execPath, ['--test', '--test-isolation=none', join(root, file)], {
      env: { ...process.env, POSTERN_TEST_TIMES: String(times), POSTERN_TEST_SEED: String(seed) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number | null];
    say(`${file}: ${code === 0 ? 'holds' : 'FAILS'}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
    if (code !== 0) say(said);
    holds &&= code === 0;
  }
  return holds;
}
