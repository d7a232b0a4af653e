import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { consolePages } from './console-pages.ts';
import { serveRoutes } from './testing/served-routes.ts';

const script = 'export const said = "hello";';

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-console-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function builtConsole(t: TestContext): string {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'assets'));
  const meta = '<meta property="csp-nonce" nonce="__CSP_NONCE__">';
  writeFileSync(join(folder, 'index.html'), `<!doctype html><html lang="en"><head>${meta}</head></html>`);
  writeFileSync(join(folder, 'assets', 'main-abc.js'), script);
  writeFileSync(join(folder, 'assets', 'main-abc.js.br'), brotliCompressSync(script));
  writeFileSync(join(folder, 'secret.txt'), 'not for the web');
  return folder;
}

let made = 0;
const random = { secret: () => `nonce${(made += 1)}` };
const serve = (t: TestContext, folder = builtConsole(t)) =>
  serveRoutes(t, consolePages('https://trust.example.com', random, folder));

test('every screen is the same page, with a policy that runs its own scripts only and a nonce of its own', async (t) => {
  const { url } = await serve(t);
  const seen = new Set<string>();
  for (const path of ['/console/', '/console/device?user_code=ABCD-EFGH', '/console/devices/dev_1?tab=readings']) {
    const answer = await fetch(url + path);
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.equal(answer.status, 200, path);
    assert.match(policy, /script-src 'self';/);
    assert.doesNotMatch(policy, /unsafe/);
    const nonce = /'nonce-(\w+)'/.exec(policy)?.[1] ?? assert.fail(policy);
    assert.ok((await answer.text()).includes(`nonce="${nonce}"`));
    assert.ok(!seen.has(nonce), 'a nonce is for one answer');
    seen.add(nonce);
  }
});

test('files are sent compressed to who takes that, and kept by browsers', async (t) => {
  const { url } = await serve(t);
  for (const coding of ['br', 'identity']) {
    const answer = await fetch(`${url}/console/assets/main-abc.js`, { headers: { 'accept-encoding': coding } });
    assert.equal(answer.headers.get('content-encoding'), coding === 'br' ? 'br' : null);
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
    assert.equal(await answer.text(), script);
  }
});

test('what is no part of the console is not served, whatever lies in its folder', async (t) => {
  const { url } = await serve(t);
  assert.equal((await fetch(`${url}/console/assets/main-old.js`)).status, 404);
  assert.equal((await fetch(`${url}/console/secret.txt`)).status, 404);
  assert.equal((await fetch(`${url}/console/..%2fpackage.json`)).status, 400);
});

test('a whole office may load it at once: it is counted apart from what devices and gateways ask for', (t) => {
  const rates = consolePages('https://trust.example.com', random, builtConsole(t)).map(({ rate }) => rate);
  assert.deepEqual(new Set(rates), new Set(['console']));
});

test('the address alone leads to the console', async (t) => {
  const { url } = await serve(t);
  const home = await fetch(`${url}/`, { redirect: 'manual' });
  assert.deepEqual([home.status, home.headers.get('location')], [302, 'https://trust.example.com/console/']);
});

test('where nobody has built it, a page says how', async (t) => {
  const { url } = await serve(t, join(temporaryFolder(t), 'nothing'));
  assert.match(await (await fetch(`${url}/console/`)).text(), /npm run build/);
});
