import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { consolePages } from './console-pages.ts';
import { serveRoutes } from './testing/served-routes.ts';

test('the console is served, with a policy that runs its own scripts only', async (t) => {
  const { url } = await serveRoutes(t, consolePages('https://trust.example.com'));
  for (const path of [
    '/console/',
    '/console/device?user_code=ABCD-EFGH',
    '/console/deny',
    '/console/console.js',
    '/console/console.css',
  ]) {
    const answer = await fetch(url + path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get('content-security-policy') ?? '', /script-src 'self';/);
    assert.doesNotMatch(answer.headers.get('content-security-policy') ?? '', /unsafe/);
  }
  const home = await fetch(`${url}/`, { redirect: 'manual' });
  assert.deepEqual([home.status, home.headers.get('location')], [302, 'https://trust.example.com/console/']);
});

test('every file of the console is served, and nothing else of its folder', async (t) => {
  const { url } = await serveRoutes(t, consolePages('https://trust.example.com'));
  for (const file of readdirSync(new URL('../../console/', import.meta.url))) {
    if (!/\.(js|css)$/.test(file) || file.endsWith('.test.js')) continue;
    assert.equal((await fetch(`${url}/console/${file}`)).status, 200, file);
  }
  assert.equal((await fetch(`${url}/console/package.json`)).status, 404);
  assert.equal((await fetch(`${url}/console/..%2fpackage.json`)).status, 400);
});
