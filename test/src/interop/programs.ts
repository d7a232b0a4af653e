import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Debian's own: what pyenv and the like put before it in PATH knows nothing of Debian's packages. */
const python = '/usr/bin/python3';

/** What is missing here of the programs that are none of ours, with the package that has it; undefined when nothing is. */
export const missing = {
  authlib: lacks([python, '-c', 'import authlib, cryptography'], 'python3-authlib'),
  pyjwt: lacks([python, '-c', 'import jwt, cryptography'], 'python3-jwt python3-cryptography'),
  jose: lacks(['jose', 'alg'], 'jose'),
};

function lacks([command = '', ...args]: string[], packages: string): string | undefined {
  return spawnSync(command, args).status === 0 ? undefined : `not here: apt-get install ${packages}`;
}

/** Options of a test that needs such a program: skipped on a contributor's machine, and never in CI. */
export function needs(reason: string | undefined): { skip: string | false } {
  return { skip: reason !== undefined && process.env['CI'] !== 'true' ? reason : false };
}

export async function run(
  command: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
  return { code, stdout, stderr };
}

/** Runs a script of this folder: JSON in, JSON out. */
export async function runScript<Answer>(script: string, question: object): Promise<Answer> {
  const { code, stdout, stderr } = await run(python, [resolve(import.meta.dirname, script)], JSON.stringify(question));
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Answer;
}
