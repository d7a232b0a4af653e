import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { runCli } from '../program.ts';

export function newFolder(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A command line of its own data folder; gives exit code and what was said. */
export function commandLine(
  t: Pick<TestContext, 'after'>,
  environment: Record<string, string> = {},
  data = path.join(newFolder(t), 'data'),
) {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return async (...parameters: string[]) => {
    let out = '';
    let err = '';
    const code = await runCli(parameters, {
      environment: { POSTERN_DATA: data, ...environment },
      out: (text) => void (out += text),
      err: (text) => void (err += text),
    });
    return { code, out, err };
  };
}

export const parsed = (text: string) => JSON.parse(text) as Record<string, unknown>;
