import assert from 'node:assert/strict';
import { createGateway } from '@postern/shared/gateway';
import { minute, second } from '@postern/shared/time';
import { startBackend } from '../support/backend.ts';
import { partOf } from '../support/forged-jws.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { sendRaw } from '../support/raw-http.ts';
import { attested, openScene, resource } from '../support/scene.ts';
import { startPolling } from '../support/signal-receivers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { proofOf, VerifyGateway } from '../support/verify-gateway.ts';
import { assertPassed, askWith, familyNames, newGateway, ownedIn } from '../support/verify-scene.ts';
import { checks, checksOnBothStores } from './checks.ts';
import { askLibrary, openLibrary } from './doors.ts';

const address = `${resource}/reports`;

checksOnBothStores(
  'exceptions',
  'their end is in every token and asked about at each, receivers are told, and nobody approves their own',
  async (t, database) => {
    const backend = await startBackend(t, { POSTERN_DATABASE_URL: database.url });
    const admin = await backend.person('ada@example.org', ['admin']);
    await backend.publish(firewallPolicy, admin);
    const credentials = await newGateway(admin);
    const [id = '', secret = ''] = credentials.split(':');
    const receiver = await startPolling(backend.url, { id, secret });
    t.after(() => receiver.stop());
    const verify = new VerifyGateway(backend.url, 'nginx', credentials);
    // Ada owns it, and is an admin: that is no way around anybody.
    const device = await HttpDevice.enroll(backend, admin);
    assert.equal((await device.attest({}, device.firewallOff())).status, 200);
    assert.equal((await device.token()).body['error_code'], 'posture_refused');

    const wish = { rules: ['baseline/firewall'], duration: '1h', justification: 'Customers are here all day' };
    const asked = await device.call('POST', '/v1/exceptions', wish);
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    const path = `/v1/admin/exceptions/${String(asked.body['id'])}`;
    const { requestHash } = asked.body;
    const own = await admin.post(`${path}/approve`, { requestHash });
    assert.deepEqual([own.status, own.body['error_code']], [403, 'self_approval']);
    // Nor what they asked for in somebody else's name.
    const bob = await backend.person('bob@example.org', ['approver', 'admin']);
    const bobsWish = await bob.post('/v1/admin/exceptions', {
      ...wish,
      device: device.fake.id,
      justification: 'She asked me to',
    });
    if (bobsWish.status === 201) {
      const again = await bob.post(`/v1/admin/exceptions/${String(bobsWish.body['id'])}/approve`, {
        requestHash: bobsWish.body['requestHash'],
      });
      assert.deepEqual([again.status, again.body['error_code']], [403, 'self_approval']);
      await bob.post(`/v1/admin/exceptions/${String(bobsWish.body['id'])}/withdraw`, {});
    }
    assert.equal((await device.token()).body['error_code'], 'posture_refused');
    const changed = await bob.post(`${path}/approve`, { requestHash: 'A'.repeat(43) });
    assert.ok(changed.status >= 400, 'nor what is not what was asked for');
    const { status, body } = await bob.post(`${path}/approve`, { requestHash });
    assert.deepEqual([status, body['state']], [200, 'active'], JSON.stringify(body));
    const end = Date.parse(String(body['expiresAt']));

    // Issue, and the token's own end.
    const early = await device.accessToken();
    assert.deepEqual((partOf(early, 1)['posture'] as { exc: string[] }).exc, [asked.body['id']]);
    backend.clock.advance(end - 2 * minute - backend.clock.now());
    await device.attest({}, device.firewallOff());
    const last = await device.accessToken();
    assert.ok(Number(partOf(last, 1)['exp']) * second <= end, 'no token outlives it');
    assertPassed(await askWith(verify, device, last));
    // One that said otherwise would not help: its end is asked about each time.
    const { signingKeys } = backend.server.deps;
    const longer = await signingKeys.sign(
      { ...partOf(last, 1), exp: Math.floor(end / second) + 3600 },
      'at+jwt',
      backend.clock.now(),
    );
    assertPassed(await askWith(verify, device, longer));
    const heardBefore = receiver.heard.length;
    backend.clock.advance(end - backend.clock.now());
    // Nobody did anything: time alone tells the receivers.
    const isTold = () =>
      receiver.heard
        .slice(heardBefore)
        .some(
          ({ type, device: about, event }) =>
            type === 'device-compliance-change' &&
            about === device.fake.id &&
            event['current_status'] === 'not-compliant',
        );
    const patience = performance.now() + 20_000;
    while (!isTold() && performance.now() < patience) await new Promise((done) => setTimeout(done, 10));
    assert.ok(isTold(), `heard ${JSON.stringify(receiver.heard)}`);
    assert.equal((await askWith(verify, device, longer)).status, 403);
    assert.notEqual((await askWith(verify, device, last)).status, 200);
    await device.attest({}, device.firewallOff());
    assert.equal((await device.token()).body['error_code'], 'posture_refused');
    assert.deepEqual(receiver.refused, []);
  },
);

checks('path confusion', 'an address that two programs may read differently opens nothing, anywhere', async (t) => {
  const { backend, admin } = await openScene(t);
  const device = await attested(backend, admin);
  const credentials = await newGateway(admin);
  const token = await device.accessToken();
  const { library } = openLibrary(t, backend);
  const confusing = [
    '/a%2fb',
    '/a%2Fb',
    '/a%5cb',
    '/a\\b',
    '/..;/reports',
    '/a/..;x=1/b',
    '/a/..%3b/b',
    '/a/%2e%2e/b',
    '/a/.%2e/b',
    '/a/%2E/b',
    '/./reports',
    '/a/../reports',
    '/a/..',
    '/a/.',
    '/a%00',
    '/a%252fb',
    '/a/%25252e/b',
    '/a%255cb',
    '/reports#/admin',
    '/reports?a#b',
  ];
  // As plain as they can be, though some look odd.
  const plain = [
    '/reports',
    '/a;v=1/b',
    '/a/..b/c',
    '/a/...',
    '/%7Euser/%C3%A9',
    '/a?x=%2f..;/../#'.slice(0, -1),
    '/a+b/@c',
    '/a//b',
  ];
  const verify = (family: (typeof familyNames)[number]) => new VerifyGateway(backend.url, family, credentials);
  const headers = async (url: string) => ({
    authorization: `DPoP ${token}`,
    dpop: await proofOf(device, token, { url }),
  });
  for (const path of confusing) {
    const url = resource + path;
    for (const family of familyNames) {
      // Envoy's request line holds no fragment.
      if (family === 'envoy' && path.includes('#')) continue;
      // The proof is for exactly this address: that is not what stands in the way.
      const answer = await askWith(verify(family), device, token, { url });
      assert.ok([400, 403].includes(answer.status), `${family} ${path}: ${answer.status}`);
      assert.ok(!JSON.stringify(answer.headers).includes(device.fake.id));
    }
    const outcome = await library.verify({ method: 'GET', url: path, headers: await headers(url) });
    assert.equal(!outcome.ok && outcome.status, 400, `the library ${path}`);
  }
  for (const path of plain) {
    const url = resource + path;
    for (const family of ['nginx', 'forward'] as const) {
      const answer = await askWith(verify(family), device, token, { url });
      assert.equal(answer.status, 200, `${family} ${path}: ${answer.text}`);
    }
    assert.equal((await library.verify({ method: 'GET', url: path, headers: await headers(url) })).ok, true, path);
  }
  // Another path, origin or method than the proof is for, in every spelling of the request.
  for (const url of [
    `${resource}/admin`,
    `${resource}:444/reports`,
    'https://evil.example/reports',
    'http://app.example/reports',
  ])
    for (const family of familyNames) {
      const proof = await proofOf(device, token, { url: address });
      assert.equal((await askWith(verify(family), device, token, { url, proof })).status, 401, `${family} ${url}`);
    }
  for (const url of ['https://evil.example/reports', '//evil.example/reports', 'reports', '', '*'])
    assert.equal((await library.verify({ method: 'GET', url, headers: await headers(address) })).ok, false, url);
  // What a client writes into the headers of another family decides nothing.
  const lies: [string, string][] = [
    ['X-Forwarded-Uri', '/admin'],
    ['X-Rewrite-URL', '/admin'],
    ['X-Envoy-Original-Path', '/admin'],
  ];
  const proof = await proofOf(device, token, { url: `${resource}/admin` });
  assert.equal((await askWith(verify('nginx'), device, token, { client: lies, proof })).status, 401);

  // Our own addresses: there is one way to write each.
  const own: Record<number, string[]> = {
    400: [
      '/v1/admin%2fusers',
      '/v1//admin/users',
      '//v1/admin/users',
      '/v1/admin/../admin/users',
      '/v1/./admin/users',
      '/v1/admin/users;x=1',
      '/v1/%61dmin/..;/users',
      '/v1/admin/users%00',
      '/v1/admin/users%2e',
      '/v1/admin%252fusers',
      '/verify/..;/v1/admin/users',
      '/console/..%2f..%2f..%2fetc/passwd',
      '/console/../../../../etc/passwd',
      '/console/%2e%2e/package.json',
      '/console/page.js/..',
    ],
    404: ['/v1/admin/users/', '/V1/admin/users', '/v1/%61dmin/users', '/v1/admin/users.json', '/console/package.json'],
  };
  for (const [status, paths] of Object.entries(own))
    for (const path of paths) {
      const headers: [string, string][] = [['Authorization', `Bearer ${admin.token ?? ''}`]];
      const answer = await sendRaw(backend.url, { method: 'GET', path, headers });
      assert.equal(answer.status, Number(status), path);
    }
  assert.equal((await admin.get('/v1/admin/users')).status, 200);
});

checks(
  'fail-open',
  'without a backend nobody is let in, unless a gateway opted in, and then its operator hears of each',
  async (t) => {
    const { backend, admin } = await openScene(t);
    const device = await attested(backend, admin);
    const credentials = await newGateway(admin);
    const [id = '', secret = ''] = credentials.split(':');
    const token = await device.accessToken();

    // The backend is there, and something behind it is not.
    const { store } = backend.server.deps;
    const verify = new VerifyGateway(backend.url, 'nginx', credentials);
    assertPassed(await askWith(verify, device, token));
    const breaking: Record<string, () => () => void> = {
      'the database': () => {
        const held = Object.getOwnPropertyDescriptor(store, 'read') ?? assert.fail();
        const get = () => assert.fail('no database');
        Object.defineProperty(store, 'read', { configurable: true, get });
        // A token may be decided by facts that are kept; that they still stand only a commit says.
        const failing = t.mock.method(store, 'commit', () => Promise.reject(new Error('no database')));
        return () => {
          failing.mock.restore();
          Object.defineProperty(store, 'read', held);
        };
      },
      'the policies': () => {
        const failing = t.mock.method(backend.server.deps.policies, 'at', () =>
          Promise.reject(new Error('no policies')),
        );
        return () => failing.mock.restore();
      },
    };
    for (const [broken, breakIt] of Object.entries(breaking)) {
      const proof = await proofOf(device, token);
      const mend = breakIt();
      const answer = await askWith(verify, device, token, { proof });
      const introspected = await fetch(`${backend.url}/oauth/introspect`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
        body: new URLSearchParams({ token }),
      });
      const asked = await device.token();
      mend();
      assert.equal(answer.status, 503, broken);
      const { 'X-Posture-Reason': _reason, ...identity } = ownedIn(answer);
      for (const value of Object.values(identity)) assert.equal(value, '', broken);
      assert.ok(introspected.status >= 500, `${broken}: ${introspected.status}`);
      assert.doesNotMatch(await introspected.text(), /active/);
      assert.ok(asked.status >= 500 && asked.body['access_token'] === undefined, broken);
    }
    assertPassed(await askWith(verify, device, token));

    // The backend is away.
    const way = await startTcpProxy(t, Number(new URL(backend.url).port));
    const options = { backendUrl: `http://127.0.0.1:${way.port}`, credentials: { id, secret } };
    const closed = (['introspection', 'decision'] as const).map((mode) =>
      openLibrary(t, backend, { ...options, mode }),
    );
    const opted = (['introspection', 'decision'] as const).map((mode) =>
      openLibrary(t, backend, { ...options, mode, onUnavailable: 'allow-unexpired' }),
    );
    for (const { library } of [...closed, ...opted]) assert.equal((await askLibrary(library, device, token)).ok, true);
    const stranger = `${token.slice(0, -8)}AAAAAAAA`;
    const another = await attested(backend, admin);
    const foreign = await another.accessToken();
    await way.cut();
    for (const { library, problems } of closed) {
      const outcome = await askLibrary(library, device, token);
      assert.equal(!outcome.ok && outcome.status, 503);
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['backend_unavailable'],
      );
    }
    const { library: begun } = openLibrary(t, backend, options);
    const keyless = await askLibrary(begun, device, token);
    assert.equal(!keyless.ok && keyless.status, 503, 'local, and it never had the keys');
    for (const { library, problems } of opted) {
      for (let each = 1; each <= 3; each += 1) {
        assert.equal((await askLibrary(library, device, token)).ok, true);
        const told = problems.filter(({ code }) => code === 'allowed_unexpired');
        assert.equal(told.length, each, 'each use is told');
        assert.match(told.at(-1)?.message ?? '', new RegExp(`${String(partOf(token, 1)['jti'])} of ${device.fake.id}`));
      }
      // It opts in to what can be checked without a backend, and to nothing else.
      const dpop = await proofOf(device, token, { url: address });
      const show = async (given: { authorization: string; dpop?: string }) =>
        (await library.verify({ method: 'GET', url: '/reports', headers: given })).ok;
      assert.equal(await show({ authorization: `DPoP ${token}`, dpop }), true);
      assert.equal(await show({ authorization: `DPoP ${token}`, dpop }), false, 'a replay');
      assert.equal(await show({ authorization: `DPoP ${token}` }), false, 'no proof');
      assert.equal(await show({ authorization: `Bearer ${token}` }), false, 'a downgrade');
      assert.equal((await askLibrary(library, device, stranger)).ok, false, 'a forgery');
      assert.equal((await askLibrary(library, device, foreign)).ok, false, 'of another key');
    }
    backend.clock.advance(6 * minute);
    for (const { library } of opted)
      assert.equal((await askLibrary(library, device, token)).ok, false, 'one that has ended');
    const base = {
      issuer: 'https://trust.example',
      audience: resource,
      mode: 'introspection' as const,
      credentials: { id, secret },
    };
    assert.throws(() => createGateway({ ...base, onUnavailable: 'allow-unexpired' }), /needs onProblem/);

    // A whole process that is gone.
    await backend.server.stop();
    await assert.rejects(askWith(verify, device, token, { proof: 'x' }));
  },
);
