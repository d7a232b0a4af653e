import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics } from '../metrics.ts';
import { healthRoutes, type HealthOptions } from './health.ts';
import { serveRoutes } from './testing/served-routes.ts';

function health(changes: Partial<HealthOptions> = {}) {
  return healthRoutes({
    config: { metricsFor: 'loopback' },
    ready: async () => undefined,
    isStopping: () => false,
    metrics: createMetrics(),
    ...changes,
  });
}

test('ready while the database answers, unavailable when it does not, up in both cases', async (t) => {
  const well = await serveRoutes(t, health());
  assert.equal((await fetch(`${well.url}/readyz`)).status, 200);
  const ill = await serveRoutes(t, health({ ready: () => Promise.reject(new Error('no route to db.internal')) }));
  const answer = await fetch(`${ill.url}/readyz`);
  assert.equal(answer.status, 503);
  assert.doesNotMatch(await answer.text(), /db\.internal/);
  assert.equal((await fetch(`${ill.url}/healthz`)).status, 200);
});

test('unavailable while stopping', async (t) => {
  const { url } = await serveRoutes(t, health({ isStopping: () => true }));
  assert.equal((await fetch(`${url}/readyz`)).status, 503);
});

test('questions that arrive together ask the database once', async () => {
  let asked = 0;
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  const ready = () => {
    asked += 1;
    return held;
  };
  const readyz = health({ ready }).find(({ path }) => path === '/readyz');
  assert.ok(readyz);
  const request = {
    params: {},
    query: {},
    body: undefined,
    caller: { kind: 'anonymous' },
    header: () => undefined,
    method: 'GET',
    url: '',
    remoteAddress: '::1',
    now: 0,
  } as const;
  const questions = [1, 2, 3].map(() => readyz.handle(request));
  answer();
  assert.deepEqual(
    (await Promise.all(questions)).map(({ status }) => status),
    [200, 200, 200],
  );
  assert.equal(asked, 1);
  await readyz.handle(request);
  assert.equal(asked, 2, 'a later question asks again');
});

test('metrics count by template, and are shown to this machine only', async (t) => {
  const metrics = createMetrics();
  metrics.answered({ route: '/v1/things/{id}', method: 'GET', status: 200, seconds: 0.01 });
  metrics.rateLimited('token');
  const { url } = await serveRoutes(t, health({ metrics }));
  const text = await (await fetch(`${url}/metrics`)).text();
  assert.match(
    text,
    /postern_http_request_duration_seconds_count\{route="\/v1\/things\/\{id\}",method="GET",status="200"\} 1/,
  );
  assert.match(text, /postern_http_rate_limited_total\{class="token"\} 1/);
  assert.match(text, /process_cpu_seconds_total/);
  const proxied = await fetch(`${url}/metrics`, { headers: { 'X-Forwarded-For': '203.0.113.9' } });
  assert.equal(proxied.status, 404, 'a proxy that nobody declared');
  const open = await serveRoutes(t, health({ config: { metricsFor: 'everyone' } }));
  assert.equal((await fetch(`${open.url}/metrics`, { headers: { 'X-Forwarded-For': '203.0.113.9' } })).status, 200);
});
