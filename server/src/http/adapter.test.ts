import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import { ConflictError } from '../storage/store.ts';
import { type AnyRoute, defineRoute } from './route.ts';
import { rawExchange } from './testing/raw-exchange.ts';
import { serveRoutes } from './testing/served-routes.ts';

const plain = { summary: 'A test', audience: 'open', rate: 'discovery', replies: { 200: null }, errors: [] } as const;

const routes: AnyRoute[] = [
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/plain',
    query: z.strictObject({ limit: z.coerce.number().int().optional() }),
    handle: async ({ query }) => ({ status: 200, body: query }),
  }),
  defineRoute({
    ...plain,
    method: 'POST',
    path: '/json',
    body: {
      type: 'json',
      schema: z.strictObject({ name: z.string().max(5).optional(), any: z.json().optional() }),
      maxBytes: 1000,
    },
    handle: async ({ body }) => ({ status: 200, body }),
  }),
  defineRoute({
    ...plain,
    method: 'POST',
    path: '/form',
    body: { type: 'form', schema: z.object({ name: z.string().optional() }) },
    handle: async ({ body }) => ({ status: 200, body }),
  }),
  defineRoute({
    ...plain,
    method: 'POST',
    path: '/jws',
    body: { type: 'jws', mediaType: 'application/eat+jwt', schema: z.string().regex(/^a\.b\.c$/) },
    handle: async ({ body }) => ({ status: 200, body: { read: body } }),
  }),
  defineRoute({
    ...plain,
    method: 'POST',
    path: '/things/{id}/end',
    params: z.strictObject({ id: z.string().max(8) }),
    handle: async ({ params, url, method }) => ({ status: 200, body: { ...params, url, method } }),
  }),
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/approvers',
    audience: 'person',
    roles: ['approver'],
    handle: async ({ caller }) => ({ status: 200, body: caller }),
  }),
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/admins',
    audience: 'person',
    roles: ['admin'],
    handle: async () => ({ status: 200 }),
  }),
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/device',
    audience: 'device',
    rate: 'device',
    handle: async () => ({ status: 200 }),
  }),
  defineRoute({
    ...plain,
    method: 'POST',
    path: '/gateway',
    audience: 'gateway',
    rate: 'gateway',
    handle: async () => ({ status: 200 }),
  }),
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/token',
    rate: 'token',
    handle: () => Promise.reject(new Fault('assertion_missing')),
  }),
  defineRoute({ ...plain, method: 'GET', path: '/conflict', handle: () => Promise.reject(new ConflictError(0)) }),
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/broken',
    handle: () => Promise.reject(new Error('secret-table has no column secret-column')),
  }),
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/away',
    handle: () => Promise.reject(Object.assign(new Error('connect 10.0.0.7:5432'), { code: 'ECONNREFUSED' })),
  }),
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/text',
    handle: async () => ({
      status: 200,
      headers: { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=60' },
      body: 'hello',
    }),
  }),
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/address',
    handle: async ({ remoteAddress }) => ({ status: 200, body: { remoteAddress } }),
  }),
];

const json = { 'Content-Type': 'application/json' };

async function codeOf(t: TestContext, path: string, init: RequestInit = {}): Promise<[number, string]> {
  const { url } = await serveRoutes(t, routes);
  const answer = await fetch(url + path, init);
  const body = (await answer.json()) as { error_code?: string };
  return [answer.status, body.error_code ?? 'none'];
}

test('an unknown address is not found', async (t) => {
  assert.deepEqual(await codeOf(t, '/nowhere'), [404, 'not_found']);
});

test('a wrong method is refused and told the right ones', async (t) => {
  const { url } = await serveRoutes(t, routes);
  const answer = await fetch(`${url}/plain`, { method: 'DELETE' });
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.get('allow'), 'GET, HEAD');
});

test('HEAD is GET without the body', async (t) => {
  const { url } = await serveRoutes(t, routes);
  const answer = await fetch(`${url}/text`, { method: 'HEAD' });
  assert.deepEqual([answer.status, answer.headers.get('content-length'), await answer.text()], [200, '5', '']);
});

test('query parameters are typed, and unknown, repeated or malformed ones are refused', async (t) => {
  assert.deepEqual(await codeOf(t, '/plain?limit=3'), [200, 'none']);
  assert.deepEqual(await codeOf(t, '/plain?limit=x'), [400, 'malformed_request']);
  assert.deepEqual(await codeOf(t, '/plain?other=1'), [400, 'malformed_request']);
  assert.deepEqual(await codeOf(t, '/plain?limit=1&limit=2'), [400, 'duplicate_parameter']);
  assert.deepEqual(await codeOf(t, '/plain?limit=%ff'), [400, 'malformed_request']);
  assert.deepEqual(await codeOf(t, '/address?limit=1'), [400, 'malformed_request']);
});

test('a path that can be read in two ways is refused', async (t) => {
  for (const path of [
    '/things/a%2fb/end',
    '/things/a;b/end',
    '/things//end',
    '/things/a%00/end',
    '/things/%zz/end',
    '/things/%f0/end',
    '/things/a%5cb/end',
  ]) {
    assert.deepEqual(await codeOf(t, path, { method: 'POST' }), [400, 'malformed_request'], path);
  }
  const { url } = await serveRoutes(t, routes);
  for (const path of ['/things/../plain', '/things/%2e%2e/plain', 'http://evil.example/plain', '*', '/plain#a']) {
    assert.match(
      await rawExchange(url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
      /^HTTP\/1\.1 400 /,
      path,
    );
  }
});

test('parameters of the path are parsed', async (t) => {
  assert.deepEqual(await codeOf(t, '/things/abc/end', { method: 'POST' }), [200, 'none']);
  assert.deepEqual(await codeOf(t, '/things/abcdefghijk/end', { method: 'POST' }), [400, 'malformed_request']);
});

test('JSON bodies: each way of being wrong has its code', async (t) => {
  const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) =>
    codeOf(t, '/json', { method: 'POST', body, headers });
  assert.deepEqual(await send('{"name":"ada"}'), [200, 'none']);
  assert.deepEqual(await send('{"name":"ada"}', { 'Content-Type': 'application/json; charset=UTF-8' }), [200, 'none']);
  assert.deepEqual(await codeOf(t, '/json', { method: 'POST' }), [200, 'none']);
  assert.deepEqual(await send('{"name":'), [400, 'malformed_request']);
  assert.deepEqual(await send('{"name":"too long"}'), [400, 'malformed_request']);
  assert.deepEqual(await send('{"name":"a","name":"b"}'), [400, 'duplicate_parameter']);
  assert.deepEqual(await send('{"name":"a","n\\u0061me":"b"}'), [400, 'duplicate_parameter']);
  assert.deepEqual(await send('{"any":{"__proto__":{"admin":true}}}'), [400, 'malformed_request']);
  assert.deepEqual(await send(`{"any":${'['.repeat(15)}${']'.repeat(15)}}`), [200, 'none']);
  assert.deepEqual(await send(`{"any":${'['.repeat(16)}${']'.repeat(16)}}`), [400, 'malformed_request']);
  assert.deepEqual(await send('{"any":"\\u0000"}'), [400, 'malformed_request']);
  assert.deepEqual(await send('{"any":"\\ud800"}'), [400, 'malformed_request']);
  assert.deepEqual(await send('{"any":1e999}'), [400, 'malformed_request']);
  assert.deepEqual(await send(Uint8Array.of(0x22, 0xff, 0x22)), [400, 'malformed_request']);
  assert.deepEqual(await send('{}', { 'Content-Type': 'text/plain' }), [415, 'unsupported_content_type']);
  assert.deepEqual(await send('{}', { 'Content-Type': 'application/json; charset=utf-16' }), [
    415,
    'unsupported_content_type',
  ]);
  assert.deepEqual(await send('{}', { ...json, 'Content-Encoding': 'gzip' }), [415, 'unsupported_content_type']);
  assert.deepEqual(await send(' '.repeat(1001)), [413, 'body_too_large']);
});

test('a body without a declared length is cut off at the limit too', async (t) => {
  const { url } = await serveRoutes(t, routes);
  const stream = new ReadableStream({
    start(controller) {
      for (let index = 0; index < 20; index += 1) controller.enqueue(new TextEncoder().encode(' '.repeat(500)));
      controller.close();
    },
  });
  const answer = await fetch(`${url}/json`, {
    method: 'POST',
    headers: json,
    body: stream,
    duplex: 'half',
  });
  assert.equal(answer.status, 413);
});

test('forms: repeated parameters are refused, empty ones count as omitted', async (t) => {
  const send = (body: string) =>
    codeOf(t, '/form', { method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
  assert.deepEqual(await send('name=a&unknown=b'), [200, 'none']);
  assert.deepEqual(await send('name=a&name=a'), [400, 'duplicate_parameter']);
  assert.deepEqual(await send('name=&name=a'), [400, 'duplicate_parameter']);
  assert.deepEqual(await send('name=%zz'), [400, 'malformed_request']);
  assert.deepEqual(await send('name=%00'), [400, 'malformed_request']);
  assert.deepEqual(await send('__proto__=1'), [400, 'malformed_request']);
});

test('a signed body must come under its own media type', async (t) => {
  const send = (type: string, body: string) =>
    codeOf(t, '/jws', { method: 'POST', body, headers: { 'Content-Type': type } });
  assert.deepEqual(await send('application/eat+jwt', 'a.b.c'), [200, 'none']);
  assert.deepEqual(await send('application/eat+jwt', 'a.b'), [400, 'malformed_request']);
  assert.deepEqual(await send('application/jwt', 'a.b.c'), [415, 'unsupported_content_type']);
});

test('an endpoint that reads no body refuses one', async (t) => {
  assert.deepEqual(await codeOf(t, '/things/a/end', { method: 'POST', body: '{}', headers: json }), [
    400,
    'malformed_request',
  ]);
});

test('details name the place and the rule, never the value', async (t) => {
  const { url } = await serveRoutes(t, routes);
  const answer = await fetch(`${url}/json`, {
    method: 'POST',
    headers: json,
    body: '{"name":"hunter2-the-secret","ext\\nra":"s3cret"}',
  });
  const text = await answer.text();
  assert.doesNotMatch(text, /hunter2|s3cret/);
  const { details } = JSON.parse(text) as { details: { path: string; message: string }[] };
  assert.deepEqual(
    details.map(({ path }) => path),
    ['body.name', 'body'],
  );
  assert.match(details[1]?.message ?? '', /ext\?ra/);
});

test('headers that may come once are refused when they come twice', async (t) => {
  const { url } = await serveRoutes(t, routes);
  for (const [name, value] of [
    ['Authorization', 'Bearer a'],
    ['DPoP', 'a.b.c'],
    ['Content-Type', 'application/json'],
  ]) {
    const answer = await rawExchange(
      url,
      `GET /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${name}: ${value}\r\n${name}: ${value}\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 400 /, name);
    assert.match(answer, /"duplicate_parameter"/, name);
  }
});

test('too many calls of one class from one address are refused before anybody is authenticated', async (t) => {
  const { url, authentications, rateLimited } = await serveRoutes(t, routes, { limits: { discovery: 2 } });
  for (let index = 0; index < 2; index += 1) assert.equal((await fetch(`${url}/approvers`)).status, 200);
  const answer = await fetch(`${url}/approvers`);
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers.get('retry-after')) >= 1);
  assert.equal(((await answer.json()) as { error_code: string }).error_code, 'too_many_requests');
  assert.equal(authentications.count, 2);
  assert.deepEqual(rateLimited, ['discovery']);
  assert.equal((await fetch(`${url}/gateway`, { method: 'POST' })).status, 401, 'another class has its own share');
});

test('callers behind a declared proxy are limited each for themselves, others cannot choose their address', async (t) => {
  const behind = await serveRoutes(t, routes, { trustedProxies: ['127.0.0.0/8'] });
  const seen = async (url: string) =>
    (
      (await (
        await fetch(`${url}/address`, { headers: { 'X-Forwarded-For': '6.6.6.6, 198.51.100.7, 127.0.0.9' } })
      ).json()) as { remoteAddress: string }
    ).remoteAddress;
  assert.equal(await seen(behind.url), '198.51.100.7');
  const direct = await serveRoutes(t, routes);
  assert.equal(await seen(direct.url), '127.0.0.1');
});

test('roles: any of those named lets in, others are not allowed', async (t) => {
  assert.deepEqual(await codeOf(t, '/approvers'), [200, 'none']);
  assert.deepEqual(await codeOf(t, '/admins'), [403, 'not_allowed']);
});

test('a 401 says how to authenticate', async (t) => {
  const { url } = await serveRoutes(t, routes, {
    authenticators: {
      person: async () => {
        throw new Fault('not_signed_in');
      },
    },
  });
  const challenge = async (path: string, init: RequestInit = {}) =>
    (await fetch(url + path, init)).headers.get('www-authenticate');
  assert.equal(await challenge('/approvers'), 'Bearer realm="postern"');
  assert.match((await challenge('/gateway', { method: 'POST' })) ?? '', /^Basic /);
  assert.equal(await challenge('/token'), 'DPoP algs="ES256", error="invalid_client"');
  assert.match((await challenge('/token', { headers: { Authorization: 'Basic YTpi' } })) ?? '', /^Basic /);
});

test('answers to devices and at the token endpoint carry a nonce, refusals too', async (t) => {
  const { url } = await serveRoutes(t, routes);
  const nonceAt = async (path: string) => (await fetch(url + path)).headers.get('dpop-nonce');
  assert.equal(await nonceAt('/device'), 'a-nonce');
  assert.equal(await nonceAt('/token'), 'a-nonce');
  assert.equal(await nonceAt('/plain'), null);
});

test('answers are not stored unless they say so, carry security headers and a request id, and open nothing to other sites', async (t) => {
  const { url } = await serveRoutes(t, routes);
  const { headers } = await fetch(`${url}/plain`, { headers: { Origin: 'https://evil.example' } });
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
  assert.equal(headers.get('x-request-id'), 'request-1');
  for (const absent of ['x-powered-by', 'etag', 'access-control-allow-origin', 'server'])
    assert.equal(headers.get(absent), null, absent);
  assert.equal((await fetch(`${url}/text`)).headers.get('cache-control'), 'max-age=60');
});

test('an error that nobody foresaw is answered without a word of it, and logged with the id of the request', async (t) => {
  const { url, logLines } = await serveRoutes(t, routes);
  const answer = await fetch(`${url}/broken`);
  const text = await answer.text();
  assert.equal(answer.status, 500);
  assert.doesNotMatch(text, /secret/);
  assert.match(text, /"internal"/);
  assert.ok(logLines.some((line) => line.includes('secret-table') && line.includes('request-1')));
});

test('a lost race is a conflict, a lost database is unavailable', async (t) => {
  assert.deepEqual(await codeOf(t, '/conflict'), [409, 'conflict']);
  assert.deepEqual(await codeOf(t, '/away'), [503, 'unavailable']);
});

test('the address that proofs must name is that of the issuer, whatever the request says', async (t) => {
  const { url } = await serveRoutes(t, routes, { issuer: 'https://trust.example.com/postern' });
  const headers = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http', Forwarded: 'host=evil.example' };
  for (const path of ['/things/a/end', '/postern/things/a/end']) {
    const answer = await fetch(url + path, { method: 'POST', headers });
    assert.deepEqual(await answer.json(), {
      id: 'a',
      url: 'https://trust.example.com/postern/things/a/end',
      method: 'POST',
    });
  }
});

test('what is not HTTP, and headers beyond 16 KiB, are refused with a code', async (t) => {
  const { url } = await serveRoutes(t, routes);
  assert.match(await rawExchange(url, 'BLAH\r\n\r\n'), /^HTTP\/1\.1 400 [^]*"malformed_request"/);
  assert.match(
    await rawExchange(url, `GET /plain HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 [^]*"headers_too_large"/,
  );
  assert.match(
    await rawExchange(
      url,
      'POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
    ),
    /^HTTP\/1\.1 400 /,
  );
});

test('a request that arrives too slowly is refused', async (t) => {
  const { url } = await serveRoutes(t, routes, { timeouts: { headersMs: 40, requestMs: 80 } });
  assert.match(await rawExchange(url, 'GET /plain HTTP/1.1\r\nHost: x\r\n'), /^HTTP\/1\.1 408 [^]*"request_timeout"/);
  assert.match(
    await rawExchange(
      url,
      'POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"na',
    ),
    /^HTTP\/1\.1 408 /,
  );
});

test('a caller that hangs up in the middle of a body is no error', async (t) => {
  const { url, logLines } = await serveRoutes(t, routes);
  const controller = new AbortController();
  const body = new ReadableStream({
    start(stream) {
      stream.enqueue(new TextEncoder().encode('{'));
    },
    pull: () => controller.abort(),
  });
  await assert.rejects(
    fetch(`${url}/json`, {
      method: 'POST',
      headers: json,
      body,
      duplex: 'half',
      signal: controller.signal,
    }),
  );
  assert.equal((await fetch(`${url}/plain`)).status, 200);
  assert.ok(!logLines.some((line) => line.includes('"request failed"')));
});

test('a path that two routes claim is refused before anything is served', async (t) => {
  const [route] = routes;
  assert.ok(route);
  await assert.rejects(serveRoutes(t, [route, route]), /defined twice/);
});

test('closing cuts off a request that takes longer than is granted', async (t) => {
  let started: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (started = resolve));
  const stuck = defineRoute({
    ...plain,
    method: 'GET',
    path: '/stuck',
    handle: () => {
      started();
      return new Promise(() => undefined);
    },
  });
  const { url, listener } = await serveRoutes(t, [stuck]);
  const answer = assert.rejects(fetch(`${url}/stuck`));
  await running;
  await listener.close(1);
  await answer;
});

test('closing lets a running request finish, and takes no new ones', async (t) => {
  let started: () => void = () => undefined;
  let finish: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (started = resolve));
  const held = new Promise<void>((resolve) => (finish = resolve));
  const slow = defineRoute({
    ...plain,
    method: 'GET',
    path: '/slow',
    handle: async () => {
      started();
      await held;
      return { status: 200, body: { done: true } };
    },
  });
  const { url, listener } = await serveRoutes(t, [slow]);
  const answer = fetch(`${url}/slow`);
  await running;
  const closed = listener.close(10_000);
  await assert.rejects(fetch(`${url}/slow`));
  finish();
  assert.deepEqual(await (await answer).json(), { done: true });
  await closed;
});
