import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseDuration } from '@postern/shared/time';
import { type Setting, settings } from './config-settings.ts';
import { createMetrics } from './metrics.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

test('docs/operations.md names every setting with its place in the file and its default, and no other', () => {
  const rows = [...page.matchAll(/^\| `(POSTERN_\w+)` +\| `([\w.]+)` +\| (.+?) +\|/gm)];
  const documented = new Map(rows.map(([, variable, file, fallback]) => [variable, { file, fallback }]));
  const all: Setting<string | number | boolean | readonly unknown[] | undefined>[] = Object.values(settings);
  assert.deepEqual(new Set(documented.keys()), new Set(all.map(({ variable }) => variable)));
  for (const { variable, file, fallback } of all) {
    const row = documented.get(variable);
    assert.equal(row?.file, file, variable);
    // Settings without a fixed default say in words where it comes from; the folder is relative to where the server starts.
    if (fallback === undefined || typeof fallback === 'object' || variable === 'POSTERN_DATA') continue;
    const said = row?.fallback?.replaceAll('`', '') ?? '';
    assert.ok(
      said === String(fallback) || parseDuration(said) === fallback,
      `${variable}: ${said}, not ${String(fallback)}`,
    );
  }
});

test('docs/operations.md names every metric of ours', async () => {
  const names = [...(await createMetrics().text()).matchAll(/^# TYPE (postern_\w+) /gm)].map(([, name]) => name ?? '');
  assert.ok(names.length >= 4);
  for (const name of names) assert.ok(page.includes(`\`${name}\``), name);
});
