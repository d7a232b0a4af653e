import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSignInLink } from '@postern/server/identity/index';
import { hour } from '@postern/shared/time';
import { startBackend } from '../support/backend.ts';
import { root } from '../support/command.ts';
import { operationsOf } from '../support/openapi.ts';
import { sendRaw } from '../support/raw-http.ts';
import { checks } from './checks.ts';

const json = { 'content-type': 'application/json' };
const system = { kind: 'system' as const, id: null };

checks('console CSRF / fixation', 'another site cannot act with somebody’s session, nor choose it', async (t) => {
  const issuer = 'https://trust.example';
  const backend = await startBackend(t, { POSTERN_ISSUER: issuer });
  const admin = await backend.person('ada@example.org', ['admin']);
  const userId = String((await admin.get('/v1/admin/session')).body['id']);
  const code = async () => {
    const { link } = await createSignInLink(backend.server.deps, userId, system, backend.clock.now());
    return new URLSearchParams(new URL(link).hash.slice(1)).get('sign-in');
  };
  const call = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    fetch(backend.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const enter = async (headers: Record<string, string>, given?: string | null) =>
    call('POST', '/v1/admin/session', { ...json, ...headers }, JSON.stringify({ code: given ?? (await code()) }));

  // Fixation: whatever session a browser was made to bring along, signing in gives another one, and each time a new one.
  const planted = 'A'.repeat(43);
  const sessions: string[] = [];
  for (const cookie of [`__Host-postern=${planted}`, `postern=${planted}; __Host-postern=${planted}`, '']) {
    const answer = await enter({ origin: issuer, ...(cookie === '' ? {} : { cookie }) });
    assert.equal(answer.status, 200);
    const set = answer.headers.getSetCookie();
    assert.equal(set.length, 1);
    const [, value = ''] =
      /^__Host-postern=([\w-]{43}); Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=\d+$/.exec(set[0] ?? '') ??
      assert.fail(set[0]);
    sessions.push(value);
  }
  assert.equal(new Set([planted, ...sessions]).size, 4);
  const [session = '', other = ''] = sessions;
  const cookie = `__Host-postern=${session}`;
  const whoIs = async (given: string) => (await call('GET', '/v1/admin/session', { cookie: given })).status;
  assert.equal(await whoIs(cookie), 200);
  for (const bad of [
    `__Host-postern=${planted}`,
    `postern=${session}`,
    `__host-postern=${session}`,
    `__Host-postern=${planted}; ${cookie}`,
    `${cookie}; ${cookie}`,
  ])
    assert.equal(await whoIs(bad), 401, bad);
  // Nor in the name of the attacker: a form or page of another site signs nobody in.
  const foreign = [
    'https://evil.example',
    'null',
    `${issuer}.evil.example`,
    `${issuer}:8443`,
    'http://trust.example',
    `${issuer}/`,
    '',
  ];
  for (const origin of foreign) {
    const spare = await code();
    assert.equal((await enter({ origin }, spare)).status, 403, origin);
    assert.equal((await enter({ origin: issuer }, spare)).status, 200, 'and the link was not used up');
  }

  // CSRF.
  const body = JSON.stringify({ name: 'Eve', email: 'eve@example.org', roles: ['admin'] });
  const users = '/v1/admin/users';
  for (const origin of [...foreign, undefined]) {
    const headers = { ...json, cookie, ...(origin === undefined ? {} : { origin }) };
    const answer = await call('POST', users, headers, body);
    assert.equal(answer.status, 403, String(origin));
    assert.equal(((await answer.json()) as Record<string, unknown>)['error_code'], 'origin_refused');
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    assert.equal((await call('DELETE', '/v1/admin/session', headers)).status, 403, 'nobody is signed out either');
  }
  const twice = await sendRaw(backend.url, {
    method: 'POST',
    path: users,
    headers: [
      ['Cookie', cookie],
      ['Origin', issuer],
      ['Origin', 'https://evil.example'],
      ['Content-Type', 'application/json'],
    ],
    body,
  });
  assert.equal(twice.status, 400);
  // What a form can send without asking the browser's leave.
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
  ])
    assert.equal((await call('POST', users, { cookie, origin: issuer, 'content-type': type }, body)).status, 415, type);
  for (const method of ['GET', 'HEAD'])
    assert.ok(
      (await call(method, `${users}?name=Eve&email=eve@example.org&roles=admin&_method=POST`, { cookie })).status >=
        400,
    );
  const override = await call('GET', users, { cookie, 'x-http-method-override': 'POST' });
  assert.equal(override.status, 200);
  const preflight = await call('OPTIONS', users, {
    origin: 'https://evil.example',
    'access-control-request-method': 'POST',
  });
  assert.equal(preflight.status, 405);
  assert.deepEqual(
    [...preflight.headers.keys()].filter((name) => name.startsWith('access-control-')),
    [],
  );
  const { items } = (await (await call('GET', users, { cookie })).json()) as { items: { name: string }[] };
  assert.ok(!items.some(({ name }) => name === 'Eve'), 'nothing of it was done');
  assert.equal(
    (await call('POST', users, { ...json, cookie, origin: issuer }, body)).status,
    201,
    'the console itself may',
  );

  // A session ends on the server, at its time or when somebody says so, and the other one goes on.
  assert.equal((await call('DELETE', '/v1/admin/session', { cookie, origin: issuer })).status, 204);
  assert.equal(await whoIs(cookie), 401);
  assert.equal(await whoIs(`__Host-postern=${other}`), 200);
  backend.clock.advance(12 * hour);
  assert.equal(await whoIs(`__Host-postern=${other}`), 401);
});

checks('open redirect', 'a redirect leads to the configured console, whatever a request says', async (t) => {
  const issuer = 'https://trust.example';
  const backend = await startBackend(t, { POSTERN_ISSUER: issuer });
  const evil = 'evil.example';
  const headers: [string, string][] = [
    ['X-Forwarded-Host', evil],
    ['X-Forwarded-Proto', 'http'],
    ['X-Forwarded-Prefix', `//${evil}`],
    ['Forwarded', `host=${evil}`],
    ['X-Original-URL', `//${evil}`],
    ['X-Rewrite-URL', `//${evil}`],
    ['Referer', `https://${evil}/`],
    ['Origin', `https://${evil}`],
  ];
  const get = (path: string, host?: string) =>
    sendRaw(backend.url, { method: 'GET', path, headers, ...(host === undefined ? {} : { host }) });
  let redirects = 0;
  const names = ['next', 'url', 'redirect', 'redirect_uri', 'return_to', 'rd', 'continue', 'user_code'];
  const targets = [
    `https://${evil}`,
    `//${evil}`,
    `/\\${evil}`,
    `https:${evil}`,
    `javascript:alert(1)`,
    `%2f%2f${evil}`,
  ];
  const queries = ['', ...names.flatMap((name) => targets.map((target) => `?${name}=${encodeURIComponent(target)}`))];
  for (const path of [
    '/',
    '/console',
    '/console/',
    '/console/device',
    '/console/deny',
    `//${evil}`,
    `//${evil}/console`,
    `/\\${evil}`,
    `/%2f${evil}`,
    `/console//${evil}`,
    `/console/..//${evil}`,
    `/.${evil}`,
    `/@${evil}`,
    `/;@${evil}`,
    `/console/%0d%0aLocation:%20https://${evil}`,
  ])
    for (const query of path.startsWith('/console') || path === '/' ? queries : [''])
      for (const host of [undefined, evil]) {
        const answer = await get(path + query, host);
        const { location } = answer.headers;
        assert.ok(!JSON.stringify(answer.headers).includes(evil), `${path}${query}: ${JSON.stringify(answer.headers)}`);
        if (answer.status >= 300 && answer.status < 400) {
          redirects += 1;
          assert.equal(location, `${issuer}/console/`);
        } else assert.equal(location, undefined);
        if (answer.status === 200) assert.ok(!answer.text.includes(evil), 'no page repeats it');
      }
  assert.ok(redirects >= 4);
  // No endpoint of the API redirects, and none is told where to.
  const operations = await operationsOf(backend.url);
  assert.ok(operations.length > 40);
  for (const { name, parameters } of operations)
    assert.deepEqual(
      parameters.filter((each) => /redirect|return|next_url|continue|target/i.test(each.name)).map((each) => each.name),
      [],
      name,
    );
  // Where the console goes by itself: by its router, to paths of its own. What an address says to go on to is read in one place.
  const folder = join(root, 'server', 'console', 'src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'),
  );
  assert.ok(sources.length > 100);
  for (const name of sources) {
    const text = readFileSync(join(folder, name), 'utf8');
    assert.doesNotMatch(
      text,
      /location\.(?:href|assign|replace)\b|(?<!const )\blocation\s*=[^=>]|\.action\s*=[^=]/,
      name,
    );
    for (const [, target = ''] of text.matchAll(/window\.open\(([^,)]+)/g))
      assert.match(target, /^`\/console\$\{/, name);
    for (const [, target = ''] of text.matchAll(/\.href\s*=\s*([^;]+);/g))
      assert.deepEqual([name, target], ['parts/download.ts', 'address']);
    if (/\['to'\]|\bsearch\.to\b/.test(text)) assert.equal(name, 'screens/sign-in/index.tsx');
  }
  const onward = readFileSync(join(folder, 'screens/sign-in/use-enter.ts'), 'utf8');
  assert.match(onward, /= consolePath\(to\)/);
});
