import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addressOf } from '../support/bad-requests.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { BrowserSession } from '../support/browser-session.ts';
import { nothingKnown } from '../support/nothing-known.ts';
import { type Operation, operationsOf } from '../support/openapi.ts';
import { suiteScope } from '../support/scene.ts';

/** What another site can make the browser of somebody who is signed in do: it sends their cookie along, and tells whose idea it was. */

const safe = new Set(['GET', 'HEAD']);

describe('other sites', () => {
  const scope = suiteScope();
  let backend: Backend;
  let cookie: string;
  let operations: Operation[];

  before(async () => {
    backend = await startBackend(scope);
    await signIn();
    operations = (await operationsOf(backend.url)).filter(({ audience }) => audience === 'person');
  });

  after(() => scope.clean());

  const call = (operation: Operation, headers: Record<string, string>) =>
    fetch(backend.url + addressOf(operation, nothingKnown), {
      method: operation.method,
      headers: {
        cookie,
        ...headers,
        ...(operation.body === undefined ? {} : { 'content-type': operation.body.mediaType }),
      },
      ...(operation.body?.mediaType === 'application/json' ? { body: '{}' } : {}),
    });

  test('nothing that changes something is done with the cookie of a person at the wish of another site', async () => {
    const unsafe = operations.filter(({ method }) => !safe.has(method));
    assert.ok(unsafe.length > 50, `only ${unsafe.length} endpoints were read`);
    const { host } = new URL(backend.url);
    const origins = ['https://evil.example', 'null', `https://${host}.evil.example`, `${backend.url}.evil.example`];
    for (const operation of unsafe) {
      for (const headers of [{}, ...origins.map((origin) => ({ origin }))]) {
        const answer = await call(operation, headers);
        const { error_code: code } = (await answer.json()) as { error_code?: string };
        assert.deepEqual(
          [operation.name, headers, answer.status, code],
          [operation.name, headers, 403, 'origin_refused'],
        );
      }
      const own = await call(operation, { origin: new URL(backend.url).origin });
      assert.notEqual(own.status, 401, `${operation.name}: the cookie is good`);
      assert.doesNotMatch(await own.text(), /origin_refused/, operation.name);
      // Signing out with it, or everywhere, ends it: the rest is asked with a cookie that is still good.
      if (own.ok && /session/.test(operation.path)) await signIn();
    }
  });

  async function signIn(): Promise<void> {
    ({ cookie } = await BrowserSession.open(backend, 'admin@localhost'));
  }

  test('no page and no answer can be framed, guessed at, or read by another site', async () => {
    const pages = [
      '/console/',
      '/console/inbox',
      '/console/sign-in',
      '/console/deny',
      '/console/icon.svg',
      '/v1/me',
      '/',
    ];
    for (const path of pages) {
      const answer = await fetch(backend.url + path, {
        redirect: 'manual',
        headers: { cookie, origin: 'https://evil.example' },
      });
      const told = (name: string) => answer.headers.get(name) ?? '';
      assert.match(told('content-security-policy'), /frame-ancestors 'none'/, path);
      assert.equal(told('x-frame-options'), 'DENY', path);
      assert.equal(told('x-content-type-options'), 'nosniff', path);
      assert.equal(told('cross-origin-resource-policy'), 'same-origin', path);
      assert.equal(told('referrer-policy'), 'no-referrer', path);
      assert.equal(answer.headers.get('access-control-allow-origin'), null, path);
    }
  });

  test('the console asks no other address to be asked beforehand: a preflight gets no permission', async () => {
    for (const path of ['/v1/admin/users', '/v1/me', '/v1/events']) {
      const answer = await fetch(backend.url + path, {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      });
      assert.equal(answer.headers.get('access-control-allow-origin'), null, path);
      assert.equal(answer.headers.get('access-control-allow-methods'), null, path);
    }
  });

  test('no part of the page is inline, and nothing else may run in it', async () => {
    const answer = await fetch(`${backend.url}/console/`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.doesNotMatch(policy, /unsafe|\*|http:|https:|blob:/);
    const page = await answer.text();
    assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)[^>]*>/, 'no script without a file');
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=|javascript:/i);
  });
});
