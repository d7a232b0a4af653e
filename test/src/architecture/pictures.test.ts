import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');

test('every screen has a picture in the docs, and every picture is there', () => {
  const screens = [...read('server/console/src/app/screens.ts').matchAll(/\{ path: '([^']+)'/g)].map(
    ([, path]) => path,
  );
  const shots = read('scripts/screenshots/shots.ts');
  assert.ok(screens.length > 30);
  // A screen of one thing is asked for by its id: `/devices/${…}`.
  const isShot = (path = '') => shots.includes(path.includes('/$') ? path.replace(/\$.*/, '') : `'${path}`);
  assert.deepEqual(
    screens.filter((path) => !isShot(path)),
    [],
  );
  const names = [...shots.matchAll(/name: '([\w-]+)'/g)].map(([, name = '']) => name);
  const shown = [...read('docs/console.md').matchAll(/screenshots\/([\w-]+)\.png/g)].map(([, name = '']) => name);
  const isThere = (name: string) => existsSync(resolve(root, `docs/screenshots/${name}.png`));
  assert.deepEqual(
    [...names, ...shown].filter((name) => !isThere(name)),
    [],
  );
});
