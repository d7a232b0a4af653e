import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { errorAnswerSchema } from '@postern/shared/protocol/error-answer';
import { exceptionRequestSchema } from '@postern/shared/protocol/exception';
import { tokenRequestSchema } from '@postern/shared/protocol/token';
import { defineRoute } from './route.ts';
import { parseStrictJson } from './strict-json.ts';
import { rawExchange } from './testing/raw-exchange.ts';
import { serveRoutes } from './testing/served-routes.ts';

const plain = { summary: 'A test', audience: 'open', rate: 'discovery', replies: { 200: null }, errors: [] } as const;
const handle = async () => ({ status: 200, body: {} });
const routes = [
  defineRoute({
    ...plain,
    method: 'POST',
    path: '/json',
    body: { type: 'json', schema: exceptionRequestSchema },
    handle,
  }),
  defineRoute({ ...plain, method: 'POST', path: '/any', body: { type: 'json', schema: z.json() }, handle }),
  defineRoute({ ...plain, method: 'POST', path: '/form', body: { type: 'form', schema: tokenRequestSchema }, handle }),
  defineRoute({
    ...plain,
    method: 'GET',
    path: '/things/{id}',
    params: z.strictObject({ id: z.string() }),
    query: z.strictObject({ a: z.string().optional() }),
    handle,
  }),
];

async function answersWell(answer: Response): Promise<void> {
  assert.ok(answer.status < 500, `status ${answer.status}`);
  const body: unknown = await answer.json();
  if (answer.status >= 400) errorAnswerSchema.parse(body);
}

test('whatever the body, the answer is 200 or a refusal with a code', async (t) => {
  const { url } = await serveRoutes(t, routes);
  const jsonish = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[{}[\]",:\\a0 ]{0,60}$/),
    fc.json().map((text) => `{"rules":["a/b"],"duration":${text},"justification":${text}}`),
  );
  const types = fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/json; charset=latin1',
    ';;;',
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('/json', '/any', '/form'), jsonish, types, async (path, body, type) => {
      await answersWell(await fetch(url + path, { method: 'POST', body, headers: { 'Content-Type': type } }));
    }),
    { numRuns: 300 },
  );
});

test('whatever the bytes, the answer is 200 or a refusal with a code', async (t) => {
  const { url } = await serveRoutes(t, routes);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('/json', '/form'), fc.uint8Array({ maxLength: 200 }), async (path, body) => {
      const type = path === '/form' ? 'application/x-www-form-urlencoded' : 'application/json';
      await answersWell(
        await fetch(url + path, { method: 'POST', body: Uint8Array.from(body), headers: { 'Content-Type': type } }),
      );
    }),
    { numRuns: 200 },
  );
});

test('whatever the address, the answer is 200 or a refusal with a code', async (t) => {
  const { url } = await serveRoutes(t, routes);
  const addresses = fc.oneof(
    fc.stringMatching(/^\/[\x21-\x7e]{0,40}$/),
    fc.stringMatching(/^\/things\/[%.;/a2fFe0?&=+]{0,30}$/),
  );
  await fc.assert(
    fc.asyncProperty(addresses, async (address) => {
      const answer = await rawExchange(url, `GET ${address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 (200|4\d\d) /);
    }),
    { numRuns: 200 },
  );
});

test('whatever the headers, the answer is 200 or a refusal with a code', async (t) => {
  const { url } = await serveRoutes(t, routes);
  const name = fc.constantFrom(
    'Authorization',
    'DPoP',
    'Content-Type',
    'Content-Length',
    'Transfer-Encoding',
    'Expect',
    'Host',
    'X-Forwarded-For',
    'Cookie',
    'Content-Encoding',
    'Upgrade',
  );
  const value = fc.oneof(
    fc.stringMatching(/^[\x20-\x7e]{0,40}$/),
    fc.constantFrom('chunked', '-1', '1e9', '100-continue', 'websocket'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 6 }), async (headers) => {
      const lines = headers.map(([each, text]) => `${each}: ${text}\r\n`).join('');
      const answer = await rawExchange(
        url,
        `POST /json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n`,
        '0\r\n\r\n'.padEnd(64),
      );
      // A message whose end cannot be told is cut off without an answer.
      assert.doesNotMatch(answer, /^HTTP\/1\.1 5/);
    }),
    { numRuns: 200 },
  );
});

test('JSON that names each member once is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      if (text.includes('__proto__') || text.includes('\\u0000') || text.includes('\\ud')) return;
      assert.deepEqual(parseStrictJson(text), JSON.parse(text));
    }),
  );
});
