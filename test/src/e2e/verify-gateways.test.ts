import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { HttpDevice } from '../support/http-device.ts';
import { type RawAnswer, sendRaw } from '../support/raw-http.ts';
import { suiteScope } from '../support/scene.ts';
import { proofOf, VerifyGateway } from '../support/verify-gateway.ts';
import {
  askWith,
  assertDenied,
  assertPassed,
  familyNames,
  newGateway,
  openVerifyScene,
  type VerifyScene,
} from '../support/verify-scene.ts';

const elsewhere = 'https://app.example/admin';

describe('gateways at /verify', () => {
  const scope = suiteScope();
  let scene: VerifyScene;
  let device: HttpDevice;
  let token: string;

  before(async () => {
    scene = await openVerifyScene(scope);
    ({ device } = scene);
    token = await device.accessToken();
  });
  after(() => scope.clean());

  const reasonOf = ({ headers }: RawAnswer) => String(headers['x-posture-reason']);

  for (const family of familyNames) {
    test(`${family}: a gateway that does not show who it is is refused, whatever its client shows`, async () => {
      const gateway = scene.gateways[family];
      const [id = ''] = gateway.credentials.split(':');
      const proof = await proofOf(device, token);
      const nobody = `gw_${'0'.repeat(32)}:${'s'.repeat(43)}`;
      for (const credentials of [undefined, '', 'x', id, `${id}:`, `${gateway.credentials}x`, nobody, `:${id}`]) {
        const answer = await askWith(gateway, device, token, { credentials, proof });
        assertDenied(answer, 401, 'gateway_refused');
        assert.match(reasonOf(answer), /Postern-Gateway/);
      }
      const twice = await askWith(gateway, device, token, { client: [['Postern-Gateway', nobody]], proof });
      assertDenied(twice, 401, 'gateway_refused');
      assertPassed(await askWith(gateway, device, token, { proof }));
    });

    test(`${family}: a gateway that was removed is refused at once`, async () => {
      const credentials = await newGateway(scene.admin);
      const gateway = new VerifyGateway(scene.backend.url, family, credentials);
      assertPassed(await askWith(gateway, device, token));
      await scene.admin.call('DELETE', `/v1/admin/gateways/${credentials.split(':')[0]}`);
      assertDenied(await askWith(gateway, device, token), 401, 'gateway_refused');
      assertPassed(await askWith(scene.gateways[family], device, token));
    });

    const lies: Record<string, [name: string, value: string][]> = {
      nginx: [
        ['X-Forwarded-Method', 'DELETE'],
        ['X-Forwarded-Proto', 'http'],
        ['X-Forwarded-Host', 'evil.example'],
        ['X-Forwarded-Uri', '/admin'],
        ['X-HTTP-Method-Override', 'DELETE'],
      ],
      forward: [
        ['X-Original-Method', 'DELETE'],
        ['X-Original-URL', elsewhere],
        ['X-Original-URI', '/admin'],
        ['X-Rewrite-URL', '/admin'],
        ['Forwarded', 'host=evil.example;proto=http'],
      ],
      envoy: [
        ['X-Original-Method', 'DELETE'],
        ['X-Original-URL', elsewhere],
        ['X-Forwarded-Method', 'DELETE'],
        ['X-Forwarded-Host', 'evil.example'],
        ['X-Forwarded-Uri', '/admin'],
        ['X-Envoy-Original-Path', '/admin'],
      ],
    };
    test(`${family}: what a client writes into the headers of other families changes nothing`, async () => {
      const gateway = scene.gateways[family];
      const client = lies[family] ?? [];
      assertPassed(await askWith(gateway, device, token, { client }));
      const proof = await proofOf(device, token, { url: elsewhere });
      assertDenied(await askWith(gateway, device, token, { client, proof }), 401, 'proof_other_url');
    });

    test(`${family}: an address that programs read differently opens nothing`, async () => {
      const paths = ['/a%2fb', '/a%2Fb', '/a%5cb', '/..;/reports', '/a/..;x=1/b', '/a/%2e%2e/b', '/a/%2E/b', '/a%00'];
      const more = ['/a/..%3b/b', '/./reports', '/a/../reports', '/a/..', '/a%252fb', '/a/%25252e/b'];
      for (const path of [...paths, ...more]) {
        const url = `https://app.example${path}`;
        const answer = await askWith(scene.gateways[family], device, token, { url });
        assert.ok([400, 403].includes(answer.status), `${path}: ${answer.status}`);
      }
    });
  }

  test('an address with a fragment, a backslash, credentials or none at all opens nothing', async () => {
    const { nginx, forward } = scene.gateways;
    for (const path of ['/reports#/admin', '/reports\\..\\admin', '/reports?a#b'])
      for (const gateway of [nginx, forward])
        assertDenied(
          await askWith(gateway, device, token, { url: `https://app.example${path}` }),
          403,
          'address_ambiguous',
        );
    for (const url of [
      'https://a@app.example/',
      'https:///reports',
      '//app.example/',
      '/reports',
      'ftp://app.example/',
    ])
      assertDenied(await askWith(nginx, device, token, { url, proof: undefined }), 403, 'address_ambiguous');
  });

  test('a host that is more than a host opens nothing', async () => {
    const { credentials } = scene.gateways.forward;
    const given = { 'Postern-Gateway': credentials, 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/' };
    for (const host of [
      'app.example, evil.example',
      'app.example/x',
      'a@app.example',
      'app.example:1:2',
      'a b',
      '[x]',
    ]) {
      const headers = Object.entries({ ...given, 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': host });
      const answer = await sendRaw(scene.backend.url, { method: 'GET', path: '/verify/forward', headers });
      assertDenied(answer, 403, 'address_ambiguous');
    }
  });

  test('a gateway that leaves out what its family must say is told so', async () => {
    const { credentials } = scene.gateways.nginx;
    const ask = (path: string, ...headers: [string, string][]) =>
      sendRaw(scene.backend.url, { method: 'GET', path, headers: [['Postern-Gateway', credentials], ...headers] });
    const url: [string, string] = ['X-Original-URL', 'https://app.example/'];
    const without = await ask('/verify/nginx', url);
    assertDenied(without, 403, 'gateway_misconfigured');
    assert.match(reasonOf(without), /X-Original-Method/);
    for (const method of ['get', 'GET, POST', 'GET\tx', '*'])
      assertDenied(await ask('/verify/nginx', url, ['X-Original-Method', method]), 403, 'gateway_misconfigured');
    for (const path of ['/verify/forward', '/verify/envoy/'])
      assertDenied(await ask(path), 403, 'gateway_misconfigured');
    const proto = await ask('/verify/envoy/', ['X-Forwarded-Proto', 'https,http']);
    assert.match(reasonOf(proto), /X-Forwarded-Proto/);
  });

  test('what is wrong in the address that the operator wrote denies, and is said', async () => {
    for (const query of ['?acr_value=x', '?max_age=soon', '?max_age=-1', '?resource=a&resource=b', '?%zz']) {
      const answer = await askWith(scene.gateways.nginx, device, token, { query });
      assertDenied(answer, 403, 'gateway_misconfigured');
      assert.match(reasonOf(answer), /^The gateway is not set up: query/);
    }
  });

  test('a gateway of two resources says which, and its client cannot', async () => {
    const [first, second] = ['https://app.example', 'https://second.example'];
    const gateway = new VerifyGateway(scene.backend.url, 'forward', await newGateway(scene.admin, [first, second]));
    const ask = (query: string, url = 'https://app.example/reports') => askWith(gateway, device, token, { query, url });
    assertDenied(await ask(''), 403, 'gateway_misconfigured');
    assertDenied(await ask('?resource=https://third.example'), 403, 'gateway_misconfigured');
    assertPassed(await ask(`?resource=${first}`));
    assertDenied(await ask(`?resource=${second}`), 401, 'access_token_invalid');
    // Caddy copies the query of its client where the operator wrote none.
    const copied = `?resource=${first}`;
    assertDenied(await ask(copied, `https://app.example/reports${copied}`), 403, 'gateway_misconfigured');
  });

  test('a gateway of one resource may name it, and no other', async () => {
    const ask = (query: string) => askWith(scene.gateways.nginx, device, token, { query });
    assertPassed(await ask('?resource=https%3A%2F%2Fapp.example'));
    assertDenied(await ask('?resource=https://second.example'), 403, 'gateway_misconfigured');
  });

  test('a body is not read, and what may be left of it is not taken for the next request', async () => {
    const { nginx } = scene.gateways;
    const body = 'x'.repeat(100_000);
    const answer = await askWith(nginx, device, token, { body });
    assertPassed(answer);
    assert.equal(answer.headers['connection'], 'close');
    const { hostname, port } = new URL(scene.backend.url);
    const socket = connect(Number(port), hostname);
    const [id] = [nginx.credentials];
    socket.write(
      `GET /verify/nginx HTTP/1.1\r\nHost: x\r\nPostern-Gateway: ${id}\r\nContent-Length: 90\r\n\r\n` +
        'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n',
    );
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
    assert.equal(text.match(/^HTTP\/1\.1 /gm)?.length, 1, text);
  });

  test('wrong credentials are on the record, twenty a minute; a refused client is not', async (t) => {
    const scene = await openVerifyScene(t);
    const head = await scene.audit.head();
    for (let count = 0; count < 5; count += 1) await scene.gateways.nginx.ask({});
    assert.deepEqual(await scene.audit.since(head), []);
    for (let count = 0; count < 40; count += 1) await scene.gateways.nginx.ask({ credentials: 'x' });
    const entries = await scene.audit.since(head);
    assert.ok(entries.length > 0 && entries.length <= 20, String(entries.length));
    assert.deepEqual([...new Set(entries.map(({ type }) => type))], ['gateway.refused']);
  });

  test('outcomes are counted by family', async () => {
    const metrics = async () => (await fetch(`${scene.backend.url}/metrics`)).text();
    const count = async (family: string, outcome: string) => {
      const line = new RegExp(`^postern_verify_total\\{family="${family}",outcome="${outcome}"\\} (\\d+)$`, 'm');
      return Number(line.exec(await metrics())?.[1] ?? 0);
    };
    const before = await Promise.all([count('envoy', 'passed'), count('forward', 'access_token_missing')]);
    assertPassed(await askWith(scene.gateways.envoy, device, token));
    await scene.gateways.forward.ask({});
    const now = await Promise.all([count('envoy', 'passed'), count('forward', 'access_token_missing')]);
    assert.deepEqual(now, [(before[0] ?? 0) + 1, (before[1] ?? 0) + 1]);
  });

  test('a request that passes costs one read, and waits for no disk', async () => {
    const { deps, jobs } = scene.backend.server;
    await jobs.stop();
    const { nginx } = scene.gateways;
    const proof = await proofOf(device, token);
    await askWith(nginx, device, token);
    const before = deps.store.roundTrips();
    assertPassed(await askWith(nginx, device, token, { proof }));
    const now = deps.store.roundTrips();
    assert.deepEqual({ reads: now.reads - before.reads, writes: now.writes - before.writes }, { reads: 1, writes: 0 });
  });
});
