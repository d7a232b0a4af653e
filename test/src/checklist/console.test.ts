import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { hour, minute } from '@postern/shared/time';
import { addressOf } from '../support/bad-requests.ts';
import { startBackend } from '../support/backend.ts';
import { EventStream } from '../support/event-stream.ts';
import { HttpDevice } from '../support/http-device.ts';
import { nothingKnown } from '../support/nothing-known.ts';
import { operationsOf } from '../support/openapi.ts';
import { sendRaw } from '../support/raw-http.ts';
import { openScene } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { totp } from '../support/totp.ts';
import { codeFor, Jar, password, signedIn, somebody, withPassword } from './browser-jar.ts';
import { checks } from './checks.ts';

const issuer = 'https://trust.example';

/** Whether the server ends it by itself; a stream that goes on is no answer, so it is waited for in vain. */
async function isEnded(stream: EventStream): Promise<boolean> {
  const over = await Promise.race([stream.ended.then(() => true), wait(3000, false, { ref: false })]);
  if (!over) stream.close();
  return over;
}

checks('sessions that outlive their reason', 'what somebody was let in for ends with it, everywhere', async (t) => {
  const backend = await startBackend(t, { POSTERN_ISSUER: issuer });
  const admin = await backend.person('ada@example.org', ['admin']);
  const person = (id: string) => `/v1/admin/users/${id}`;
  let count = 0;

  /** Somebody with all that can be open at a time, before something is done. */
  async function everythingOpen() {
    count += 1;
    const { id, email } = await somebody(backend, `erin${count}`, ['employee']);
    await withPassword(backend, id);
    const byPassword = new Jar(backend);
    assert.equal((await byPassword.post('/v1/sign-in/password', { email, password })).body['state'], 'signed-in');
    const here = await signedIn(backend, id);
    const { body } = await here.post('/v1/me/authenticator-app', {});
    const secret = String(body['secret']);
    const code = () => totp(secret, backend.clock.now());
    assert.equal((await here.post('/v1/me/authenticator-app/confirm', { code: code() })).status, 204);
    backend.clock.advance(30_000);
    const there = await signedIn(backend, id);
    const half = new Jar(backend);
    assert.equal((await half.post('/v1/sign-in/password', { email, password })).body['state'], 'second-factor');
    const link = await codeFor(backend, id);
    const stream = await EventStream.open(backend.url, { cookie: there.session ?? '' });
    assert.equal(stream.answer.status, 200);
    const api = await backend.person(email, ['employee']);
    return { id, here, there, byPassword, half, link, stream, api, code };
  }
  type Open = Awaited<ReturnType<typeof everythingOpen>>;

  /** What is left of it, by name. */
  async function left(open: Open) {
    const half = await open.half.post('/v1/sign-in/password/code', { code: open.code() });
    return Object.entries({
      here: await open.here.isIn(),
      there: await open.there.isIn(),
      byPassword: await open.byPassword.isIn(),
      half: half.status === 200,
      link: (await new Jar(backend).enter(open.link)).status === 200,
      stream: !(await isEnded(open.stream)),
      api: (await open.api.get('/v1/me')).status === 200,
    })
      .filter(([, isOpen]) => isOpen)
      .map(([name]) => name);
  }

  const acts: [what: string, expected: string[], act: (open: Open) => Promise<{ status: number }>][] = [
    ['nothing', ['here', 'there', 'byPassword', 'half', 'link', 'stream', 'api'], () => admin.get('/v1/me')],
    [
      'another password',
      ['here', 'api'],
      async ({ here, code }) => {
        const body = { password: `${password}-2`, stepUp: { kind: 'code', code: code() } };
        const answer = await here.send('PUT', '/v1/me/password', { body });
        backend.clock.advance(30_000);
        return answer;
      },
    ],
    [
      'no password',
      ['here', 'api'],
      async ({ here, code }) => {
        const answer = await here.send('DELETE', '/v1/me/password', {
          body: { stepUp: { kind: 'code', code: code() } },
        });
        backend.clock.advance(30_000);
        return answer;
      },
    ],
    ['an admin takes the password', ['api'], ({ id }) => admin.call('DELETE', `${person(id)}/password`)],
    [
      'an admin takes the factors',
      ['link', 'api'],
      ({ id }) => admin.call('DELETE', `${person(id)}/second-factors`, {}),
    ],
    ['signed out everywhere', ['api'], ({ here }) => here.send('DELETE', '/v1/me/sessions')],
    ['signed out by an admin', ['api'], ({ id }) => admin.call('DELETE', `${person(id)}/sessions`)],
    ['sent away', [], ({ id }) => admin.call('PATCH', person(id), { active: false })],
    [
      'sent away and back',
      [],
      async ({ id }) => {
        await admin.call('PATCH', person(id), { active: false });
        return admin.call('PATCH', person(id), { active: true });
      },
    ],
    // The stream begins anew, with what they may hear now; a password alone may not have been enough for this role.
    [
      'made an approver',
      ['here', 'there', 'half', 'link', 'api'],
      ({ id }) => admin.call('PATCH', person(id), { roles: ['approver', 'employee'] }),
    ],
  ];
  // An admin token proves who its holder is for five minutes: acts that want a proof come in time.
  for (const [what, expected, act] of acts) {
    const open = await everythingOpen();
    const fresh = await backend.person('ada@example.org', ['admin']);
    Object.assign(admin, { token: fresh.token });
    const { status } = await act(open);
    assert.ok(status < 300, `${what}: ${status}`);
    assert.deepEqual(await left(open), expected, what);
    open.stream.close();
  }

  // Roles count at each call, in sessions and streams that are open.
  const { id } = await somebody(backend, 'olga', ['auditor']);
  const olga = await signedIn(backend, id);
  assert.equal((await olga.get('/v1/admin/audit')).status, 200);
  await admin.call('PATCH', person(id), { roles: ['employee'] });
  assert.equal((await olga.get('/v1/admin/audit')).status, 403);
});

checks('sessions that outlive their reason', 'a page that is left open keeps nobody signed in', async (t) => {
  const backend = await startBackend(t, { POSTERN_ISSUER: issuer });
  const admin = await backend.person('ada@example.org', ['admin']);
  const { id } = await somebody(backend, 'erin', ['approver']);
  const jar = await signedIn(backend, id);
  const stream = await EventStream.open(backend.url, { cookie: jar.session ?? '' });
  const unattended = { 'postern-unattended': '1' };
  // Each change of her account is a look whether she is still signed in, and what the console reads anew by itself says so.
  for (let passed = 0; passed < 2 * hour; passed += 20 * minute) {
    assert.equal((await jar.get('/v1/me', unattended)).status, 200);
    await admin.call('PATCH', `/v1/admin/users/${id}`, { name: `Erin ${passed}` });
    await stream.hears({ topic: 'people', id });
    backend.clock.advance(20 * minute);
  }
  assert.equal((await jar.get('/v1/me')).status, 401);
  await admin.call('PATCH', `/v1/admin/users/${id}`, { name: 'Erin' });
  assert.equal(await isEnded(stream), true);
});

checks(
  'live events',
  'tell an employee of nothing and nobody else, and are nothing that other pages can open',
  async (t) => {
    const { backend, admin } = await openScene(t);
    const { id } = await somebody(backend, 'erin', ['employee']);
    const jar = await signedIn(backend, id);
    const cookie = jar.session ?? '';
    const ofErin = await EventStream.open(backend.url, { cookie });
    const ofAda = await EventStream.by(admin);
    t.after(() => [ofErin, ofAda].forEach((stream) => stream.close()));

    // All that goes on around her.
    const device = await HttpDevice.enroll(backend, admin);
    await device.attest({}, device.firewallOff());
    const asked = await device.call('POST', '/v1/exceptions', {
      rules: ['baseline/firewall'],
      duration: '1h',
      justification: 'There is a printer in the way.',
    });
    const bob = await backend.person('bob@example.org', ['approver']);
    await bob.post(`/v1/admin/exceptions/${String(asked.body['id'])}/approve`, {});
    await admin.post('/v1/admin/gateways', { name: 'Payroll', resources: ['https://payroll.example'] });
    await admin.post('/v1/admin/webhooks', {
      label: 'Chat',
      url: 'https://chat.example/hook',
      events: ['exception.requested'],
    });
    await backend.server.jobs.run('tell of what happened');
    await ofAda.hears({ topic: 'exceptions', id: String(asked.body['id']) });
    await ofAda.hears({ topic: 'devices', id: device.fake.id });
    // Her own, last: whatever would have been told before has been by then.
    await admin.call('PATCH', `/v1/admin/users/${id}`, { name: 'Erin' });
    await ofErin.hears({ topic: 'me' });
    assert.deepEqual(
      ofErin.told.filter(({ topic, id: thing }) => thing !== undefined || !['me', 'notices'].includes(topic)),
      [],
    );

    // A neighbour on the same site, to whose pages cookies are sent along.
    for (const [site, mode, status] of [
      ['same-site', 'cors', 403],
      ['same-site', 'no-cors', 403],
      ['cross-site', 'no-cors', 403],
      ['same-origin', 'cors', 200],
      [undefined, undefined, 200],
    ] as const)
      for (const path of ['/v1/events', '/v1/me', `/v1/me/sessions`]) {
        const headers = { cookie, ...(site === undefined ? {} : { 'sec-fetch-site': site, 'sec-fetch-mode': mode }) };
        const answer = await fetch(backend.url + path, { headers });
        assert.equal(answer.status, status, `${path} ${site ?? ''} ${mode ?? ''}`);
        assert.equal(answer.headers.get('access-control-allow-origin'), null);
        await answer.body?.cancel();
      }

    // So many for a person, in however many browsers; nobody else waits for it.
    const other = (await signedIn(backend, id)).session ?? '';
    const many = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        EventStream.open(backend.url, { cookie: index % 2 === 0 ? cookie : other }),
      ),
    );
    t.after(() => many.forEach((stream) => stream.close()));
    assert.ok(many.filter(({ answer }) => answer.status === 200).length <= 20);
    assert.ok(many.some(({ answer }) => answer.status === 429 && answer.headers.get('retry-after') !== null));
    const ofBob = await EventStream.by(bob);
    assert.equal(ofBob.answer.status, 200);
    ofBob.close();
  },
);

checks('saved views', 'lead to a list of the console, belong to one person, and are text', async (t) => {
  const backend = await startBackend(t, { POSTERN_ISSUER: issuer });
  const [erin, bob] = [
    await backend.person('erin@example.org', ['employee']),
    await backend.person('bob@example.org', ['admin']),
  ];
  const save = (view: object) => erin.post('/v1/me/views', { screen: '/devices', name: 'Mine', query: '', ...view });
  for (const screen of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/devices/../..//evil.example',
    '/devices?x=1',
    '/devices#x',
    '/devices\n',
    '/%2f%2fevil.example',
    '',
    '/',
  ])
    assert.equal((await save({ screen })).status, 400, screen);
  for (const query of [
    '#<script>',
    '"><script>alert(1)</script>',
    'a=\\evil',
    'a=1\r\nb',
    'a=\u0000',
    'a=\u2028',
    'a b',
    'x'.repeat(2001),
  ])
    assert.equal((await save({ query })).status, 400, query.slice(0, 40));
  const markup = '<img src=x onerror=alert(1)>';
  const { body } = await save({ name: markup, query: `q=${encodeURIComponent(markup)}&__proto__=1&constructor=2` });
  const id = String(body['id']);
  assert.deepEqual((await bob.get('/v1/me/views')).body['items'], []);
  assert.equal((await bob.call('DELETE', `/v1/me/views/${id}`)).status, 404);
  const listed = await fetch(`${backend.url}/v1/me/views`, {
    headers: { authorization: `Bearer ${erin.token ?? ''}` },
  });
  assert.match(listed.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(listed.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(((await listed.json()) as { items: { name: string }[] }).items[0]?.name, markup);
  for (let count = 1; count < 100; count += 1) assert.equal((await save({ name: `View ${count}` })).status, 201);
  assert.equal((await save({ name: 'One more' })).body['error_code'], 'saved_views_too_many');
});

checks(
  'secrets in answers',
  'no answer of the API holds a secret of the configuration, or one that was made before',
  async (t) => {
    const folder = temporaryFolder(t, 'secrets');
    const file = join(folder, 'oidc-secret');
    writeFileSync(file, 'of-the-file-hunter3hunter3\n');
    const provider = (id: string, more: object) => ({
      id,
      title: id,
      issuer: `https://${id}.example`,
      client_id: 'x',
      ...more,
    });
    const master = Buffer.alloc(32, 'hunter2hunter2').toString('base64url');
    const configured = {
      POSTERN_MASTER_SECRET: master,
      POSTERN_MAIL_SERVER: 'smtps://mailer:hunter4hunter4@mail.example:465',
      POSTERN_MAIL_FROM: 'postern@example.org',
      POSTERN_SIGN_IN_PROVIDERS: JSON.stringify([
        provider('one', { client_secret: 'hunter5hunter5' }),
        provider('two', { client_secret_file: file }),
      ]),
    };
    const { backend, admin } = await openScene(t, configured);
    const { config } = backend.server.deps;
    const erin = await somebody(backend, 'erin', ['employee']);
    await withPassword(backend, erin.id);
    const jar = await signedIn(backend, erin.id);
    const app = await jar.post('/v1/me/authenticator-app', {});
    await HttpDevice.enroll(backend, admin);
    const gateway = await admin.post('/v1/admin/gateways', { name: 'Secret', resources: ['https://secret.example'] });
    const webhook = await admin.post('/v1/admin/webhooks', {
      label: 'Chat',
      url: 'https://chat.example/hook',
      events: ['exception.requested'],
    });
    const link = await admin.post(`/v1/admin/users/${erin.id}/sign-in-links`, {});
    const token = await admin.post(`/v1/admin/users/${erin.id}/api-tokens`, { label: 'x', life: '1h' });
    const { hash } = await backend.server.deps.store.read
      .selectFrom('passwords')
      .select('hash')
      .executeTakeFirstOrThrow();
    const keys = await backend.server.deps.store.read.selectFrom('signing_keys').select('private_jwe').execute();
    const secrets: Record<string, string> = {
      master,
      identifierKey: config.identifierKey,
      mail: 'hunter4hunter4',
      client: 'hunter5hunter5',
      clientFile: 'of-the-file-hunter3hunter3',
      app: String(app.body['secret']),
      gateway: String(gateway.body['secret']),
      webhook: String(webhook.body['secret']),
      link: String(link.body['link']).split('#sign-in=')[1] ?? '',
      token: String(token.body['token']),
      ada: admin.token ?? '',
      session: jar.session?.split('=')[1] ?? '',
      password,
      hash,
      ...Object.fromEntries(keys.map(({ private_jwe }, index) => [`key ${index}`, private_jwe])),
    };
    for (const [name, secret] of Object.entries(secrets))
      assert.ok(secret.length >= 12 && secret !== 'undefined', name);

    /** What there is, in place of what there is not. */
    const ids: Record<string, string> = {
      user: erin.id,
      gateway: String(gateway.body['id']),
      webhook: String(webhook.body['id']),
    };
    const reads = (await operationsOf(backend.url)).filter(
      ({ method, path }) => method === 'GET' && path !== '/v1/events',
    );
    assert.ok(reads.length > 60, String(reads.length));
    let found = 0;
    for (const operation of reads) {
      const path = addressOf(operation, (name, schema) => {
        const prefix = /^\^([a-z]+)_\[/.exec(schema.pattern ?? '')?.[1];
        const kind = Object.entries({ usr: 'user', gw: 'gateway', gtw: 'gateway', whk: 'webhook' }).find(
          ([each]) => each === prefix,
        )?.[1];
        return (kind === undefined ? undefined : ids[kind]) ?? nothingKnown(name, schema);
      });
      for (const headers of [{ authorization: `Bearer ${admin.token ?? ''}` }, { cookie: jar.session ?? '' }]) {
        const answer = await fetch(backend.url + path, { headers, redirect: 'manual' });
        const text = `${await answer.text()} ${JSON.stringify([...answer.headers])}`;
        if (answer.status === 200) found += 1;
        for (const [name, secret] of Object.entries(secrets))
          assert.ok(!text.includes(secret), `${operation.name} tells ${name}`);
      }
    }
    assert.ok(found > 60, `only ${found} answers`);
    const settings = await admin.get('/v1/admin/settings');
    assert.match(JSON.stringify(settings.body), /"POSTERN_MASTER_SECRET"/, 'that there is one is said');
  },
);

checks('console pages', 'are kept by nobody, framed by nobody, and carry a nonce that counts once', async (t) => {
  const backend = await startBackend(t, { POSTERN_ISSUER: issuer, POSTERN_LIMIT_SIGN_IN: '5' });
  const nonces: string[] = [];
  const screens = ['/console/', '/console/sign-in', '/console/devices', '/console/me/account', '/console/no/such'];
  for (let round = 0; round < 10; round += 1)
    for (const path of screens) {
      const headers = {
        'if-none-match': '*',
        'if-modified-since': new Date(0).toUTCString(),
        'cache-control': 'max-stale=9',
      };
      const answer = await fetch(`${backend.url}${path}?nonce=x`, { headers });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      for (const name of ['etag', 'last-modified', 'expires', 'age']) assert.equal(answer.headers.get(name), null);
      const policy = answer.headers.get('content-security-policy') ?? '';
      const [, nonce = ''] = /style-src 'self' 'nonce-([\w-]{43})';/.exec(policy) ?? [];
      nonces.push(nonce);
      const text = await answer.text();
      assert.ok(text.includes(nonce) && !text.includes('__CSP_NONCE__'));
      // Whoever got a style in could send nothing of the page elsewhere.
      assert.doesNotMatch(policy, /https?:|\*|unsafe/);
      assert.match(policy, /^default-src 'none'; script-src 'self';/);
      assert.match(policy, /base-uri 'none'; frame-ancestors 'none'$/);
      assert.doesNotMatch(answer.headers.get('link') ?? '', /nonce/);
    }
  assert.equal(new Set(nonces).size, nonces.length);

  // Nothing that was read while somebody was signed in is there afterwards; and nothing can be framed, whatever it says.
  const { id } = await somebody(backend, 'ada', ['admin']);
  const jar = await signedIn(backend, id);
  const seen = new Set<number>();
  const look = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const answer = await sendRaw(backend.url, {
      method,
      path,
      headers: Object.entries({ Cookie: jar.cookie, ...headers }),
    });
    seen.add(answer.status);
    const told = answer.headers;
    const where = `${method} ${path} ${answer.status}`;
    if (!path.startsWith('/console/icon')) assert.equal(told['cache-control'], 'no-store', where);
    assert.equal(told['x-frame-options'], 'DENY', where);
    assert.match(String(told['content-security-policy']), /frame-ancestors 'none'/, where);
    assert.equal(told['x-content-type-options'], 'nosniff', where);
    assert.equal(told['referrer-policy'], 'no-referrer', where);
    assert.equal(told['cross-origin-opener-policy'], 'same-origin', where);
    assert.equal(told['cross-origin-resource-policy'], 'same-origin', where);
    assert.match(String(told['strict-transport-security']), /^max-age=\d{8}/, where);
    assert.equal(told['access-control-allow-origin'], undefined, where);
  };
  for (const path of [
    '/',
    '/console',
    '/console/icon.svg',
    '/console/assets/none.js',
    '/console/x.html',
    '/v1/nothing',
    '/v1/me?x=1',
  ])
    await look('GET', path);
  for (const path of [
    '/v1/me',
    '/v1/me/sessions',
    `/v1/admin/users/${id}`,
    '/v1/admin/search?q=ada',
    '/v1/admin/settings',
    '/v1/admin/audit',
  ])
    for (const method of ['GET', 'HEAD']) await look(method, path);
  await look('HEAD', '/v1/events');
  await look('PUT', '/v1/me');
  await look('POST', '/v1/me/views', { Origin: 'https://evil.example' });
  for (let tries = 0; tries < 6; tries += 1)
    await look('GET', '/v1/sign-in/providers/none/callback?code=x', { Accept: tries === 0 ? 'text/html' : '*/*' });
  const { headers } = await jar.send('DELETE', '/v1/admin/session');
  assert.match(
    headers.get('set-cookie') ?? '',
    /^__Host-postern=; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=0$/,
  );
  await look('GET', '/v1/me');
  for (const status of [200, 302, 400, 401, 403, 404, 405, 429]) assert.ok(seen.has(status), `none was ${status}`);
});
