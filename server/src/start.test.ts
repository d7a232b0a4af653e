import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { errorKinds } from '@postern/shared/protocol/errors';
import { buildApp, openApiDocument, prepare } from './app.ts';
import { errorsOf } from './http/openapi.ts';
import { openDeps } from './open-deps.ts';
import { start } from './start.ts';
import { testConfig } from './testing/test-config.ts';

test('a server starts on a new folder, is ready, names itself by its port, and stops', async (t) => {
  const server = await start(testConfig(t));
  t.after(() => server.stop());
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  const metadata = (await (await fetch(`${server.url}/.well-known/oauth-authorization-server`)).json()) as {
    issuer: string;
  };
  assert.equal(metadata.issuer, server.url);
  assert.match(server.firstAdminId ?? '', /^usr_/);
  await server.stop();
  await server.stop();
  await assert.rejects(fetch(`${server.url}/healthz`));
});

test('a second start goes on with the same admin, policy and keys', async (t) => {
  const config = testConfig(t);
  const first = await start(config);
  const keys = first.deps.signingKeys.jwks();
  await first.stop();
  const second = await start(config);
  t.after(() => second.stop());
  assert.equal(second.firstAdminId, undefined);
  assert.deepEqual(second.deps.signingKeys.jwks(), keys);
});

test('in clear beyond loopback, whoever is not a declared proxy is refused', async (t) => {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.internal === false && each.family === 'IPv4');
  if (own === undefined) return t.skip('this machine has no address beyond loopback');
  const statuses: number[] = [];
  for (const trustedProxies of [['192.0.2.1'], [own.address]]) {
    const server = await start(testConfig(t, { host: '0.0.0.0', trustedProxies }));
    t.after(() => server.stop());
    const url = new URL(server.url);
    for (const host of [own.address, '127.0.0.1']) {
      const answer = await fetch(`http://${host}:${url.port}/healthz`, {
        headers: { 'X-Forwarded-For': '203.0.113.9' },
      });
      statuses.push(answer.status);
    }
  }
  assert.deepEqual(statuses, [403, 200, 200, 200]);
});

test('the clock is an argument', async (t) => {
  let now = Date.parse('2026-11-21T09:30:00Z');
  const server = await start(testConfig(t), { clock: { now: () => now } });
  t.after(() => server.stop());
  const challenge = async () => {
    const answer = await fetch(`${server.url}/oauth/challenge`, { method: 'POST' });
    return ((await answer.json()) as { server_time: string }).server_time;
  };
  assert.equal(await challenge(), '2026-11-21T09:30:00.000Z');
  now += 3_600_000;
  assert.equal(await challenge(), '2026-11-21T10:30:00.000Z');
});

test('every job runs on a database without anything in it', async (t) => {
  const config = testConfig(t);
  const deps = await openDeps(config);
  t.after(() => deps.store.close());
  await prepare(deps);
  for (const job of buildApp(deps, () => false).jobs) await job.run();
});

test('the OpenAPI document has every route with each of its errors', async (t) => {
  const deps = await openDeps(testConfig(t));
  t.after(() => deps.store.close());
  const { routes } = buildApp(deps, () => false);
  const document = JSON.parse(JSON.stringify(openApiDocument(routes, deps.config.issuer))) as {
    paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
  };
  assert.ok(routes.length >= 30, 'all capabilities are wired');
  for (const route of routes) {
    const operation = document.paths[route.path]?.[route.method.toLowerCase()];
    assert.ok(operation, `${route.method} ${route.path}`);
    for (const status of Object.keys(route.replies)) assert.ok(operation.responses[status], `${route.path} ${status}`);
    for (const code of errorsOf(route)) {
      const description = operation.responses[errorKinds[code].status]?.description ?? '';
      assert.ok(description.includes(`\`${code}\``), `${route.method} ${route.path} ${code}`);
    }
  }
});

test('routes for people are closed to strangers, whoever wrote them', async (t) => {
  const server = await start(testConfig(t));
  t.after(() => server.stop());
  const { routes } = buildApp(await openedAgain(server.deps.config, t), () => false);
  for (const route of routes.filter(({ audience }) => audience === 'person')) {
    const path = route.path.replaceAll(/\{\w+\}/g, 'x');
    const answer = await fetch(server.url + path, { method: route.method });
    assert.ok(
      answer.status === 401 || answer.status === 400,
      `${route.method} ${route.path} answered ${answer.status}`,
    );
  }
});

test('a connection that nobody uses does not hold up the stop', async (t) => {
  const server = await start(testConfig(t));
  t.after(() => server.stop());
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  await fetch(`${server.url}/healthz`);
  await server.stop();
});

async function openedAgain(config: Parameters<typeof openDeps>[0], t: { after(work: () => Promise<void>): void }) {
  const deps = await openDeps(config);
  t.after(() => deps.store.close());
  return deps;
}
