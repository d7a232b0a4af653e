import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../support/command.ts';

/** What others read from `npm run bench -- --json`. */
const promised = [
  'tokensPerSecond',
  'tokenP50Ms',
  'tokenP99Ms',
  'tokenCpuMicros',
  'tokenCpuToLimit',
  'ratioDurable',
  'ratioMemory',
  'attestationsPerSecond',
  'attestationCpuToLimit',
  'verifyP99Ms',
  'introspectP99Ms',
];

// How fast anything is says nothing in a suite that shares its computer; that it is measured at all does.
test('the bench runs against both stores of oidc-provider, and prints one object with its figures', async () => {
  const script = resolve(root, 'test/src/bench/main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, 'tokens', '--quick', '--json']);
  const figures = JSON.parse(stdout) as Record<string, unknown>;
  for (const name of promised) {
    const figure = figures[name];
    assert.ok(typeof figure === 'number' && Number.isFinite(figure) && figure > 0, `${name}: ${String(figure)}`);
  }
  const methods = figures['methods'] as Record<string, { postern: { tokenBytes: number } }>;
  assert.deepEqual(Object.keys(methods), ['private_key_jwt', 'attest_jwt_client_auth_dpop']);
  for (const { postern } of Object.values(methods)) assert.ok(postern.tokenBytes <= 1024);
});
