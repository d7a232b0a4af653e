import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Config } from '../config.ts';
import { readConfig } from '../config-read.ts';

/** A configuration of its own folder, a port that the system chooses, and limits that no test reaches. */
export function testConfig(t: Pick<TestContext, 'after'>, changes: Partial<Config> = {}): Config {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-server-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const config = readConfig({ POSTERN_DATA: path.join(folder, 'data'), POSTERN_PORT: '0', POSTERN_LOG: 'silent' });
  const plenty = 1_000_000;
  const limits = Object.fromEntries(Object.keys(config.limits).map((rate) => [rate, plenty])) as Config['limits'];
  return { ...config, limits, attestationsPerDevice: plenty, ...changes };
}
