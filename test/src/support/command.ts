import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../../..');

export interface CommandOutcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one of the product's programs as a person would, to its end. */
export async function runCommand(
  program: 'postern-agent' | 'postern-server',
  args: readonly string[],
  env: Record<string, string>,
  input = '',
): Promise<CommandOutcome> {
  const script = resolve(root, program === 'postern-agent' ? 'agent' : 'server', 'bin', `${program}.mjs`);
  const child = spawn(process.execPath, [script, ...args], { env: environment(env), stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, stdout, stderr };
}

/** Nothing of the surrounding shell's Postern may leak into a test. */
export function environment(env: Record<string, string>): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name, value]) => !name.startsWith('POSTERN_') && value !== undefined,
  );
  return { ...(Object.fromEntries(own) as Record<string, string>), NO_COLOR: '1', ...env };
}

/** Runs a command with --json and reads its answer. Fails loudly when it is not JSON. */
export async function runJson<Answer>(
  program: 'postern-agent' | 'postern-server',
  args: readonly string[],
  env: Record<string, string>,
  input = '',
): Promise<{ code: number | null; answer: Answer; stderr: string }> {
  const outcome = await runCommand(program, [...args, '--json'], env, input);
  try {
    return { code: outcome.code, answer: JSON.parse(outcome.stdout) as Answer, stderr: outcome.stderr };
  } catch {
    throw new Error(
      `${program} ${args.join(' ')} printed no JSON (exit ${outcome.code}):\n${outcome.stdout}\n${outcome.stderr}`,
    );
  }
}
