import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { forbidden } from './rules.ts';

const root = resolve(import.meta.dirname, '../../..');

async function readModules(extra: typeof forbidden): Promise<ICruiseResult> {
  const { output } = await cruise(
    ['shared/src', 'agent/src', 'server/src', 'server/console/src', 'test/src'],
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: extra },
      doNotFollow: { path: 'node_modules' },
      // Without this a circle behind an `import type` is not seen.
      tsPreCompilationDeps: true,
    },
    // The type demands every option of the resolver; these are the ones that matter.
    {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts', '.css', '.json'],
    },
  );
  assert.ok(typeof output === 'object');
  return output;
}

const say = (result: ICruiseResult) =>
  result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).join('\n');

test('modules import only what stands below them', async () => {
  const result = await readModules(forbidden);
  const own = result.modules.filter(({ source }) => /^(shared|agent|server|server\/console|test)\/src\//.test(source));
  // A reader that reads nothing finds nothing: under another TypeScript this one has read 0 modules and passed.
  assert.ok(own.length > 150, `only ${own.length} modules of ours were read`);
  assert.equal(result.summary.error, 0, say(result));
});

test('the reader sees imports between workspaces, so that the rules can fail', async () => {
  const result = await readModules([
    { name: 'probe', severity: 'error', from: { path: '^server/src/' }, to: { path: '^shared/src/protocol/' } },
  ]);
  assert.ok(result.summary.error > 10, 'no import from server to shared was seen');
});
