import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { reading } from '@postern/server/attestation/testing/readings';
import { startBackend } from '../support/backend.ts';
import { root } from '../support/command.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { type RawAnswer, sendRaw } from '../support/raw-http.ts';
import { attested, openScene, resource } from '../support/scene.ts';
import { proofOf, VerifyGateway } from '../support/verify-gateway.ts';
import { assertDenied, newGateway } from '../support/verify-scene.ts';
import { checks, checksOnBothStores } from './checks.ts';
import { assertAllDoorsTake, assertNoDoorTakes, assertPaperRefused, assertPapersGood, openDoors } from './doors.ts';
import { resealed, withMember, withMembers } from './raw-jws.ts';

const json: [string, string][] = [['Content-Type', 'application/json']];

checks(
  'duplicate JSON keys, `__proto__`',
  'what parsers read differently is refused, signed or not, and nothing is inherited',
  async (t) => {
    const { backend, admin, device, deviceKey, serverKey: key, doors, papers } = await openDoors(t);
    const token = await device.accessToken();
    const twice = [
      '"aud":"https://other.example"',
      `"aud":"${resource}"`,
      '"\\u0061ud":"https://other.example"',
      '"exp":4102444800',
      '"jti":"x"',
      '"new":1,"new":1',
      '"new":{"a":1,"a":2}',
      '"cnf":{"jkt":"x"}',
    ];
    for (const member of twice)
      for (const where of ['first', 'last'] as const)
        await assertNoDoorTakes(
          doors,
          `with ${member} ${where}`,
          resealed(token, key, { payload: withMember(member, where) }),
        );
    for (const member of ['"alg":"none"', '"kid":"x"', '"typ":"at+jwt"', '"\\u0074yp":"JWT"'])
      for (const where of ['first', 'last'] as const)
        await assertNoDoorTakes(
          doors,
          `with ${member} ${where}`,
          resealed(token, key, { header: withMember(member, where) }),
        );
    const codes = /_(?:invalid|malformed)$/;
    for (const paper of papers)
      for (const member of ['"iat":1', '"jti":"x","jti":"y"', '"\\u0069at":1', '"aud":"x","aud":"x"'])
        for (const where of ['first', 'last'] as const)
          await assertPaperRefused(
            paper,
            `with ${member} ${where}`,
            resealed(await paper.genuine(), deviceKey, { payload: withMember(member, where) }),
            codes,
          );

    await assertAllDoorsTake(doors, token);
    await assertPapersGood(papers, deviceKey, device);

    // A device that would inherit what it does not have: its firewall is off, in each spelling.
    const poor = { ...reading({}, backend.clock.now()), value: '{value}' };
    const spellings: [value: string, status: number][] = [
      ['{"__proto__":{"enabled":true},"provider":"nftables"}', 400],
      ['{"constructor":{"prototype":{"enabled":true}},"provider":"nftables"}', 400],
      ['{"enabled":false,"provider":"nftables","__proto__":{"enabled":true}}', 400],
      ['{"enabled":false,"provider":"nftables","__\\u0070roto__":{"enabled":true}}', 400],
      ['{"enabled":false,"provider":"nftables","constructor":{"prototype":{"enabled":true}}}', 400],
      ['{"enabled":false,"provider":"nftables"}', 200],
    ];
    for (const [value, expected] of spellings) {
      const text = await device.clone().signAttestation({}, { firewall: poor });
      const payload = (claims: string) => claims.replace('"{value}"', value);
      const { status, body } = await device.send(resealed(text, deviceKey, { payload }));
      assert.equal(status, expected, JSON.stringify(body));
    }
    assert.equal((await device.token()).body['error_code'], 'posture_refused');
    assert.equal(({} as Record<string, unknown>)['enabled'], undefined);

    // What is not signed.
    const user = '"name":"Eve","email":"eve@example.org"';
    for (const body of [
      `{${user},"roles":["employee"],"roles":["admin"]}`,
      `{${user},"roles":["employee"],"\\u0072oles":["admin"]}`,
      `{${user},"roles":["employee"],"__proto__":{"roles":["admin"]}}`,
      `{${user},"__proto__":{"roles":["admin"]}}`,
      `{${user},"roles":["employee"],"\\u005f_proto__":{"isAdmin":true}}`,
      `{${user},"roles":["employee"],"constructor":{"prototype":{"isAdmin":true}}}`,
    ]) {
      const headers: [string, string][] = [...json, ['Authorization', `Bearer ${admin.token ?? ''}`]];
      const answer = await sendRaw(backend.url, { method: 'POST', path: '/v1/admin/users', headers, body });
      assert.equal(answer.status, 400, body);
      assert.match(answer.text, /"error_code":"(?:duplicate_parameter|malformed_request)"/);
      // By the reader of JSON already: what comes after it may look into what nobody named.
      if (body.includes('_proto__')) assert.match(answer.text, /a name that is not allowed/);
    }
    for (const body of ['token=a&token=b', 'token=a&%74oken=b', 'token=a&__proto__=b', 'token=a&token']) {
      const answer = await sendRaw(backend.url, {
        method: 'POST',
        path: '/oauth/introspect',
        headers: [['Content-Type', 'application/x-www-form-urlencoded']],
        body,
      });
      assert.equal(answer.status, 400, body);
    }
    for (const path of ['/v1/admin/devices?limit=1&limit=2', '/v1/admin/devices?__proto__=1']) {
      const answer = await sendRaw(backend.url, {
        method: 'GET',
        path,
        headers: [['Authorization', `Bearer ${admin.token ?? ''}`]],
      });
      assert.equal(answer.status, 400, path);
    }
    const { body } = await admin.get('/v1/admin/users');
    assert.ok(!(body['items'] as { name: string }[]).some(({ name }) => name === 'Eve'));
    assert.equal(({} as Record<string, unknown>)['isAdmin'], undefined);
  },
);

checks('oversize', 'what is too large is refused before it is read, by its own status', async (t) => {
  const { backend, admin, device, deviceKey, serverKey: key, credentials, doors, papers } = await openDoors(t);
  const { url } = backend;
  const token = await device.accessToken();
  assert.ok(token.length < 1024, `${token.length}`);
  const ofLength = (length: number) => {
    const padded = (count: number) => resealed(token, key, { payload: withMembers({ pad: 'x'.repeat(count) }) });
    const missing = length - padded(0).length;
    return padded(Math.floor((missing * 3) / 4));
  };
  await assertAllDoorsTake(doors, ofLength(4090));
  for (const length of [4110, 8000]) await assertNoDoorTakes(doors, `of ${length} characters`, ofLength(length));
  for (const paper of papers.filter(({ name }) => name !== 'attestation')) {
    const long = resealed(await paper.genuine(), deviceKey, { payload: withMembers({ pad: 'x'.repeat(3500) }) });
    await assertPaperRefused(paper, 'of more than 4 kB', long, /_invalid$/);
  }

  const gateway = new VerifyGateway(url, 'nginx', credentials);
  assertDenied(
    await gateway.ask({ authorization: `DPoP ${'A'.repeat(10_000)}`, proof: await proofOf(device, token) }),
    401,
    'access_token_invalid',
  );
  const authorization: [string, string] = ['Authorization', `Bearer ${admin.token ?? ''}`];
  const post = (path: string, body: string | Uint8Array, headers = json) =>
    sendRaw(url, { method: 'POST', path, body, headers: [...headers, authorization] });
  const assertStatus = (answer: RawAnswer, status: number, code: string) =>
    assert.deepEqual(
      [answer.status, (JSON.parse(answer.text) as Record<string, unknown>)['error_code']],
      [status, code],
    );
  for (const name of ['X-Long', 'Authorization', 'DPoP', 'Cookie'])
    assertStatus(
      await sendRaw(url, { method: 'GET', path: '/v1/device', headers: [[name, 'x'.repeat(17_000)]] }),
      431,
      'headers_too_large',
    );
  assertStatus(await sendRaw(url, { method: 'GET', path: `/${'x'.repeat(17_000)}` }), 431, 'headers_too_large');
  const user = (pad: number) => `{"name":"Eve","email":"eve@example.org","roles":["employee"]}${' '.repeat(pad)}`;
  assertStatus(await post('/v1/admin/users', user(65_536)), 413, 'body_too_large');
  assertStatus(
    await post('/oauth/token', `grant_type=${'x'.repeat(20_000)}`, [
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ]),
    413,
    'body_too_large',
  );
  assertStatus(
    await post('/v1/attestations', 'x'.repeat(300_000), [['Content-Type', 'application/eat+jwt']]),
    413,
    'body_too_large',
  );
  // Without a length that it announces, and in a form that unpacks to more.
  assert.match(await chunked(url, 3_000_000), /^(?:HTTP\/1\.1 413 .*|)$/);
  assertStatus(
    await post('/v1/admin/users', gzipSync(user(1_000_000)), [...json, ['Content-Encoding', 'gzip']]),
    415,
    'unsupported_content_type',
  );
  const nested = (depth: number) =>
    `{"name":"Eve","email":"eve@example.org","roles":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const details = (answer: RawAnswer) =>
    JSON.stringify((JSON.parse(answer.text) as Record<string, unknown>)['details']);
  assert.doesNotMatch(details(await post('/v1/admin/users', nested(15))), /deeper than 16/);
  for (const depth of [16, 30_000])
    assert.match(details(await post('/v1/admin/users', nested(depth))), /deeper than 16/);
  const deep = `"deep":${'['.repeat(17)}${']'.repeat(17)}`;
  await assertNoDoorTakes(doors, 'nested 17 deep', resealed(token, key, { payload: withMember(deep) }));
  for (const paper of papers)
    await assertPaperRefused(
      paper,
      'nested 17 deep',
      resealed(await paper.genuine(), deviceKey, { payload: withMember(deep) }),
      /_(?:invalid|malformed)$/,
    );
  assert.equal((await post('/v1/admin/users', user(0))).status, 201, 'and all is well');
  await assertAllDoorsTake(doors, token);
  await assertPapersGood(papers, deviceKey, device);
});

checks(
  'rate limit',
  'is by address and by device, says when to come again, and is asked before anything is computed',
  async (t) => {
    const few = Object.fromEntries(
      ['TOKEN', 'CHALLENGE', 'ENROLLMENT', 'SIGN_IN', 'ATTESTATION', 'GATEWAY'].map((name) => [
        `POSTERN_LIMIT_${name}`,
        '8',
      ]),
    );
    const backend = await startBackend(t, {
      POSTERN_TRUSTED_PROXIES: '127.0.0.1',
      ...few,
      POSTERN_LIMIT_ATTESTATIONS_PER_DEVICE: '3',
    });
    const admin = await backend.person('ada@example.org', ['admin']);
    await backend.publish(firewallPolicy, admin);
    await admin.post('/v1/admin/gateways', { name: 'App', resources: [resource] });
    const device = await HttpDevice.enroll(backend, admin);
    const from = (address: string): [string, string] => ['X-Forwarded-For', address];
    const form: [string, string] = ['Content-Type', 'application/x-www-form-urlencoded'];
    const send = (path: string, address: string, body?: string, headers: [string, string][] = []) =>
      sendRaw(backend.url, { method: 'POST', path, headers: [from(address), ...headers], body });

    const limited: [string, string | undefined, [string, string][]][] = [
      ['/oauth/token', 'grant_type=x', [form]],
      ['/oauth/revoke', 'token=x', [form]],
      ['/oauth/challenge', undefined, []],
      ['/oauth/introspect', 'token=x', [form]],
      ['/verify/nginx', undefined, []],
      ['/v1/enrollments', '{', json],
      ['/oauth/device_authorization', '', [form]],
      ['/v1/attestations', 'x', [['Content-Type', 'application/eat+jwt']]],
      ['/v1/admin/session', '{"code":"0123456789abcdef"}', json],
    ];
    for (const [index, [path, body, headers]] of limited.entries()) {
      const address = `203.0.113.${index + 1}`;
      const statuses: number[] = [];
      let last: RawAnswer | undefined;
      for (let call = 0; call < 10; call += 1) {
        last = await send(path, address, body, headers);
        statuses.push(last.status);
      }
      // A gateway passes on no 429.
      const refused = path.startsWith('/verify/') ? 503 : 429;
      assert.ok(!statuses.slice(0, 8).includes(429), `${path}: ${statuses.join(' ')}`);
      assert.deepEqual(statuses.slice(8), [refused, refused], path);
      assert.match(last?.text ?? '', /"error_code":"too_many_requests"/);
      const seconds = Number(last?.headers['retry-after']);
      assert.ok(seconds >= 1 && seconds <= 60, `${path}: ${String(last?.headers['retry-after'])}`);
      assert.notEqual((await send(path, '203.0.113.99', body, headers)).status, 429, 'another address');
      // Nobody gets a second share by writing on a proxy's paper, or by moving within their own network.
      const lie = await send(path, `198.51.100.7, ${address}`, body, headers);
      assert.equal(lie.status, refused, path);
    }
    for (let call = 0; call < 10; call += 1) await send('/oauth/challenge', `2001:db8:1:2:${call}::1`);
    assert.equal((await send('/oauth/challenge', '2001:db8:1:2:ffff::9')).status, 429, 'one subscriber of IPv6');
    assert.equal((await send('/oauth/challenge', '2001:db8:1:3::9')).status, 200);

    // Refused before the proof is looked at: it is not used up.
    assert.equal((await device.attest()).status, 200);
    const proof = await device.proof('POST', '/oauth/token');
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await device.assertion(),
      resource,
    }).toString();
    const ask = (address: string) => send('/oauth/token', address, body, [form, ['DPoP', proof]]);
    assert.equal((await ask('203.0.113.1')).status, 429);
    const granted = await ask('203.0.113.50');
    assert.equal(granted.status, 200, granted.text);
    assert.equal((await ask('203.0.113.50')).status, 400, 'and now it is');

    // A device has its own share, from wherever it comes, and nobody else can use it up.
    const attest = async (address: string, text: string) =>
      send('/v1/attestations', address, text, [['Content-Type', 'application/eat+jwt']]);
    const forged = await device.clone().signAttestation();
    for (let call = 0; call < 5; call += 1)
      assert.equal((await attest(`203.0.113.${60 + call}`, `${forged.slice(0, -4)}AAAA`)).status, 400);
    const statuses = [];
    for (let call = 0; call < 4; call += 1)
      statuses.push((await attest(`203.0.113.${70 + call}`, await device.signAttestation())).status);
    assert.deepEqual(statuses.filter((status) => status === 429).length > 0, true, statuses.join(' '));
  },
);

checks(
  'ReDoS in policies',
  'no author writes a regular expression, and what takes too long ends, without a token',
  async (t) => {
    const { backend, admin } = await openScene(t);
    const rule = (require: string) =>
      firewallPolicy.replace('require: value.enabled', () => `require: ${JSON.stringify(require)}`);
    const bomb = Array.from({ length: 9 }, (_, index) => `b${index}: &b${index} [${`*b${index - 1},`.repeat(9)}]`);
    const refused: [string, RegExp][] = [
      [rule('value.provider.matches("(a+)+$")'), /matches is not offered/],
      [rule('matches(value.provider, "(a|a)*$")'), /matches/],
      [rule(`${'('.repeat(300)}true${')'.repeat(300)}`), /depth|nested|recursion/i],
      [rule(`true ${'|| true '.repeat(110)}`), /maxAstNodes/],
      [rule('value.provider.all(a, value.provider.all(b, value.provider.all(c, true)))'), /more than 2 deep/],
      [rule(`value.provider == "${'x'.repeat(2000)}"`), /1000 characters/],
      [[`${firewallPolicy}\nb: &b-1 [x]`, ...bomb].join('\n').replaceAll('b-1', 'bb'), /./],
    ];
    const begun = performance.now();
    for (const [document, message] of refused) {
      const { body: draft } = await admin.post('/v1/admin/policy-drafts', { document });
      const { status, body } = await admin.post(`/v1/admin/policy-drafts/${String(draft['id'])}/submit`, {
        version: draft['version'],
      });
      assert.deepEqual([status, body['error_code']], [400, 'policy_invalid'], document);
      assert.match(JSON.stringify(body['details']), message);
    }
    const long = await admin.post('/v1/admin/policy-drafts', { document: `${firewallPolicy}\n#${'x'.repeat(65_536)}` });
    assert.equal(long.status, 400);
    assert.ok(performance.now() - begun < 10_000);

    // One that is understood, and goes over every pair of a list that the device makes as long as it may.
    const paths = Array.from({ length: 64 }, () => '/x');
    const runaway = firewallPolicy
      .replace('policy: baseline', 'policy: runaway')
      .replace('check: firewall', 'check: files\n    targets: { default: ["/x"] }')
      .replace(
        'require: value.enabled',
        `require: ${JSON.stringify('value.files.all(f, value.files.all(g, f.path == g.path && f.state == g.state && f.signer == g.signer))')}`,
      );
    await backend.publish(runaway, admin);
    const device = await HttpDevice.enroll(backend, admin);
    const files = paths.map((path) => ({ path, state: 'present', sha256: null, signature: 'unknown', signer: null }));
    const started = performance.now();
    const attested = await device.attest({}, { files: reading({ files }, backend.clock.now()) });
    assert.equal(attested.status, 200, JSON.stringify(attested.body));
    assert.match(JSON.stringify(attested.body), /takes too many steps/);
    const { status, body } = await device.token();
    assert.ok(performance.now() - started < 5000);
    assert.deepEqual([status, body['error_code']], [400, 'posture_refused']);
    // Fewer of them, and it is met: it was the budget, not the rule.
    assert.equal(
      (await device.attest({}, { files: reading({ files: files.slice(0, 2) }, backend.clock.now()) })).status,
      200,
    );
    assert.equal((await device.token()).status, 200);

    // Our own expressions, over what they would be slowest on.
    const slow = [
      'dpop '.repeat(2500),
      `DPoP ${'a='.repeat(7000)}`,
      `DPoP${' '.repeat(14_000)}`,
      `Bearer ${'a.'.repeat(7000)}`,
      `Basic ${'='.repeat(14_000)}`,
    ];
    const asked = performance.now();
    for (const authorization of slow)
      for (const path of ['/verify/nginx', '/v1/admin/session', '/ssf/streams', '/oauth/introspect'])
        await sendRaw(backend.url, {
          method: 'GET',
          path,
          headers: [
            ['Authorization', authorization],
            ['X-Original-URL', `https://a/${'/.'.repeat(500)}`],
          ],
        });
    assert.ok(performance.now() - asked < 5000);
  },
);

checksOnBothStores(
  'SQL injection',
  'text from outside is a value and nothing else, and no request names a column',
  async (t, database) => {
    const backend = await startBackend(t, { POSTERN_DATABASE_URL: database.url });
    const admin = await backend.person('ada@example.org', ['admin']);
    await backend.publish(firewallPolicy, admin);
    const credentials = await newGateway(admin);
    const device = await attested(backend, admin);
    const { read } = backend.server.deps.store;
    const count = async () => (await read.selectFrom('users').select('id').execute()).length;
    const before = await count();

    const hostile = [
      `' or '1'='1`,
      `x'; drop table devices; --`,
      `' union select secret_hash from gateways --`,
      `"; delete from users where "1"="1`,
      `\\'; select 1; --`,
      `%`,
      `_`,
      `$1`,
      `?`,
      `:id`,
      `${device.fake.id}' --`,
    ];
    for (const text of hostile) {
      const asked = encodeURIComponent(text);
      const found = await admin.get(`/v1/admin/devices?q=${asked}`);
      assert.deepEqual([found.status, found.body['items']], [200, []], text);
      for (const path of [
        `/v1/admin/devices/${asked}`,
        `/v1/admin/devices?owner=${asked}`,
        `/v1/admin/audit?subject=${asked}`,
        `/v1/admin/audit?type=${asked}`,
        `/v1/admin/policies/${asked}/versions`,
        `/v1/admin/device-codes/${asked}`,
      ]) {
        const { status, body } = await admin.get(path);
        assert.ok(status < 500, `${path}: ${status}`);
        if (status === 200) assert.deepEqual(body['items'], [], path);
      }
      // Where a page goes on is compared, as text.
      assert.ok((await admin.get(`/v1/admin/devices?after=${asked}`)).status < 500, text);
      // Kept as it is, and found again as it is.
      const named = await admin.post('/v1/admin/users', {
        name: text,
        email: `u${hostile.indexOf(text)}@example.org`,
        roles: ['employee'],
      });
      assert.deepEqual([named.status, named.body['name']], [201, text]);
      const { status: refused } = await device.token({ resource: text });
      assert.equal(refused, 400, text);
      const { status } = await device.token({ assertion: { claims: { jti: text } }, proof: { claims: { jti: text } } });
      assert.equal(status, 200, `${text} is as good a jti as any`);
      const body = new URLSearchParams({ token: text });
      const authorization = `Basic ${Buffer.from(`${text}:${text}`).toString('base64')}`;
      const introspected = await fetch(`${backend.url}/oauth/introspect`, {
        method: 'POST',
        headers: { authorization },
        body,
      });
      assert.equal(introspected.status, 401, text);
    }
    assert.equal(await count(), before + hostile.length);
    // Which columns there are, and how they are sorted, is nobody's to say.
    for (const name of ['sort', 'order', 'order_by', 'fields', 'select', 'where'])
      for (const path of ['devices', 'audit', 'users', 'exceptions', 'gateways'])
        assert.equal((await admin.get(`/v1/admin/${path}?${name}=id`)).status, 400, `${path}?${name}`);
    // A name that is like another one is not that one.
    const like = await admin.get('/v1/admin/devices?q=Test%20computer');
    assert.equal((like.body['items'] as unknown[]).length, 1);
    assert.equal((await device.token()).status, 200);
    assert.ok(credentials.length > 0);

    // Text becomes SQL where a statement is put together from names that are in the program, and nowhere else.
    const raw = sourcesOf('server/src').filter(([, text]) => /\bsql\.raw\(|\.unsafe\(|CompiledQuery\.raw/.test(text));
    assert.deepEqual(raw.map(([path]) => path).toSorted(), [
      'server/src/storage/migrations/define-table.ts',
      'server/src/storage/postgres/one-statement.ts',
    ]);
  },
);

function sourcesOf(folder: string): [path: string, text: string][] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('testing/'))
    .map((name) => [`${folder}/${name}`, readFileSync(join(root, folder, name), 'utf8')]);
}

/** Sends a body in chunks until the server has enough, and gives the first line of what it says. */
function chunked(url: string, bytes: number): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST /v1/admin/session HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      const chunk = `8000\r\n${' '.repeat(0x80_00)}\r\n`;
      for (let sent = 0; sent < bytes; sent += 0x80_00) socket.write(chunk);
    });
    socket.on('data', (data) => {
      answer += String(data);
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
  });
}
