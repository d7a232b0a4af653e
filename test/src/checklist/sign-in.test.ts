import assert from 'node:assert/strict';
import { hour, minute, second } from '@postern/shared/time';
import { startBackend } from '../support/backend.ts';
import { type Account, IdentityProvider } from '../support/identity-provider.ts';
import { operationsOf } from '../support/openapi.ts';
import { totp } from '../support/totp.ts';
import { codeFor, Jar, password, type Seen, signedIn, somebody, withPassword } from './browser-jar.ts';
import { checks } from './checks.ts';

const issuer = 'https://trust.example';
const begin = '/v1/sign-in/providers/company';
const back = `${begin}/callback`;
type Scope = Parameters<typeof startBackend>[0];

/** A backend behind a name, and the provider of its company. */
async function open(t: Scope, accounts: Record<string, Account>, settings: Record<string, unknown> = {}) {
  const provider = await IdentityProvider.start(t, accounts, ['console'], issuer + back);
  const company = { id: 'company', title: 'Company', issuer: provider.issuer, client_id: 'console', ...settings };
  const other = { id: 'other', title: 'Other', issuer: 'http://127.0.0.1:9', client_id: 'console' };
  const backend = await startBackend(t, {
    POSTERN_ISSUER: issuer,
    POSTERN_SIGN_IN_PROVIDERS: JSON.stringify([company, other]),
  });
  return { backend, provider };
}

/** What the browser brings back from the provider, as path and query. */
async function goThere(jar: Jar, query = ''): Promise<string> {
  const led = await jar.get(begin + query);
  assert.equal(led.status, 302, led.text);
  const cookies = new Map<string, string>();
  let url = new URL(led.headers.get('location') ?? '');
  while (url.origin !== issuer) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    url = new URL(answer.headers.get('location') ?? assert.fail(await answer.text()), url);
  }
  return url.pathname + url.search;
}

function assertNobody(seen: Seen, code: string): void {
  assert.equal(seen.body['error_code'], code, seen.text);
  assert.ok(seen.headers.getSetCookie().every((set) => !set.startsWith('__Host-postern=')));
}

checks('sign-in CSRF', 'nobody is signed in, as anybody, at the wish of another site', async (t) => {
  const { backend } = await open(t, {});
  const erin = await somebody(backend, 'erin', ['employee']);
  await withPassword(backend, erin.id);
  const ways = (await operationsOf(backend.url)).filter(
    ({ audience, method, path }) => audience === 'open' && method === 'POST' && /sign-in|admin\/session/.test(path),
  );
  assert.equal(ways.length, 5, ways.map(({ name }) => name).join());
  const bodies: Record<string, () => Promise<object>> = {
    '/v1/admin/session': async () => ({ code: await codeFor(backend, erin.id) }),
    '/v1/sign-in/password': async () => ({ email: erin.email, password }),
    '/v1/sign-in/password/code': async () => ({ code: '123456' }),
    '/v1/sign-in/passkey/options': async () => ({}),
    '/v1/sign-in/passkey': async () => {
      const response = { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' };
      return { assertion: { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response } };
    },
  };
  for (const { path } of ways) {
    const body = await (bodies[path] ?? assert.fail(path))();
    const wrong: Record<string, string | undefined>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `${issuer}.evil.example` },
      { origin: `${issuer}/` },
      { origin: 'http://trust.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: undefined },
      { origin: undefined, 'sec-fetch-site': 'cross-site' },
      // A program, which has no cookies that anybody could plant, may use a link.
      ...(path === '/v1/admin/session' ? [] : [{ origin: undefined, 'sec-fetch-site': undefined }]),
    ];
    for (const headers of wrong) {
      const seen = await new Jar(backend).post(path, body, headers);
      assert.deepEqual([seen.status, seen.body['error_code']], [403, 'origin_refused'], path + JSON.stringify(headers));
      assert.deepEqual(seen.headers.getSetCookie(), []);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      assert.equal((await new Jar(backend).post(path, JSON.stringify(body), { 'content-type': type })).status, 415);
    const own = await new Jar(backend).post(path, body);
    assert.notEqual(own.body['error_code'], 'origin_refused', path);
  }
});

checks('sign-in CSRF', 'what comes back from a provider counts once, and in the browser that asked', async (t) => {
  const bob = { email: 'bob@example.org', email_verified: true };
  const { backend, provider } = await open(t, { bob }, { create: true });
  provider.isHere('bob');
  const [victim, attacker] = [new Jar(backend), new Jar(backend)];
  const reset = () => {
    victim.cookies.clear();
    attacker.cookies.clear();
  };
  // Swapped: the attacker’s answer in the victim’s browser, and the other way round; with and without a sign-in under way.
  const planted = await goThere(attacker);
  assertNobody(await victim.get(planted), 'sign_in_lost');
  await goThere(victim);
  assertNobody(await victim.get(planted), 'sign_in_refused');
  assertNobody(await victim.get(planted), 'sign_in_lost');
  reset();
  const stolen = await goThere(victim);
  assertNobody(await attacker.get(stolen), 'sign_in_lost');
  // Changed on the way, or come to another address than that of who was asked.
  for (const [change, code] of [
    [(path: string) => path.replace(/state=[^&]*/, 'state=x'), 'sign_in_refused'],
    [(path: string) => path.replace(/state=[^&]*&?/, ''), 'sign_in_refused'],
    [(path: string) => path.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fevil.example'), 'sign_in_refused'],
    [(path: string) => path.replace(/&?iss=[^&]*/, ''), 'sign_in_refused'],
    [(path: string) => path.replace(/code=[^&]*/, 'code=x'), 'sign_in_refused'],
    [(path: string) => path.replace('company', 'other'), 'sign_in_lost'],
  ] as const) {
    reset();
    const path = change(await goThere(victim));
    assertNobody(await victim.get(path), code);
    assert.equal(victim.session, undefined, path);
  }
  // Two cookies of one name: somebody has tossed one in.
  reset();
  const mine = await goThere(victim);
  const cookie = `${victim.cookie}; __Host-postern-sign-in=${'A'.repeat(43)}`;
  assertNobody(await victim.get(mine, { cookie }), 'sign_in_lost');
  // Genuine, with a session that somebody planted: it ends, and the new one is another.
  const erin = await somebody(backend, 'erin', ['employee']);
  const before = await signedIn(backend, erin.id);
  const [fixed = ''] = [before.session];
  victim.cookies.set('__Host-postern', fixed.split('=')[1] ?? '');
  const entered = await victim.get(mine);
  assert.equal(entered.status, 302, entered.text);
  assert.notEqual(victim.session, fixed);
  assert.match(
    entered.headers.getSetCookie().join('\n'),
    /^__Host-postern=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=\d+$/,
  );
  assert.equal((await victim.get('/v1/me')).body['name'], 'bob@example.org');
  assert.equal(await before.isIn(), false, 'the planted one is worth nothing any more');
  assertNobody(await victim.get(mine), 'sign_in_lost');
  // Where to go on: below the console, whatever is asked for.
  for (const to of [
    '//evil.example',
    '/\\evil.example',
    '/console/..//evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/%2e%2e//evil.example',
    '/%2f/evil.example/..//',
    '/a/../..//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '@evil.example',
    '.evil.example',
    '/../v1/me',
    '/x\r\nLocation: https://evil.example',
  ]) {
    const visitor = new Jar(backend);
    const { headers } = await visitor.get(await goThere(visitor, `?to=${encodeURIComponent(to)}`));
    const place = new URL(headers.get('location') ?? '');
    assert.equal(place.origin, issuer, to);
    assert.match(place.pathname, /^\/console\/(?!\/)/, to);
  }
});

checks(
  'account linking',
  'an account is found by iss and sub; by an address where it is verified, allowed and new',
  async (t) => {
    const groups = ['it-admins'];
    const accounts: Record<string, Account> = {
      unverified: { email: 'erin@example.org', email_verified: false },
      erin: { email: 'ERIN@example.org', email_verified: true },
      // Who has left gave the address back, and somebody else got it.
      successor: { email: 'erin@example.org', email_verified: true, groups },
      stranger: { email: 'stranger@example.org', email_verified: true, groups },
      boss: { email: 'boss@example.org', email_verified: true, groups },
    };
    const { backend, provider } = await open(t, accounts, { link_by_email: true, roles: { 'it-admins': ['admin'] } });
    const erin = await somebody(backend, 'erin', ['approver']);
    const boss = await somebody(backend, 'boss', ['approver']);
    const come = async (account: string) => {
      provider.isHere(account);
      const jar = new Jar(backend);
      return { jar, seen: await jar.get(await goThere(jar)) };
    };
    for (const account of ['unverified', 'stranger'])
      assertNobody((await come(account)).seen, 'sign_in_unknown_person');
    const { jar } = await come('erin');
    const me = (await jar.get('/v1/me')).body;
    assert.deepEqual([me['id'], me['roles']], [erin.id, ['approver']]);
    assertNobody((await come('successor')).seen, 'sign_in_unknown_person');
    // An address that the provider changes brings no other account along.
    accounts['erin'] = { email: 'boss@example.org', email_verified: true };
    const again = (await come('erin')).jar;
    assert.equal((await again.get('/v1/me')).body['id'], erin.id);

    // Roles come and go with the groups, in sessions that are open too; the last admin stays one.
    const admin = (await come('boss')).jar;
    assert.equal((await admin.get('/v1/admin/users')).status, 200);
    assert.deepEqual((await admin.get('/v1/me')).body['roles'], ['approver', 'admin']);
    accounts['boss'] = { email: 'boss@example.org', email_verified: true, groups: [] };
    await come('boss');
    assert.deepEqual((await admin.get('/v1/me')).body['roles'], ['approver']);
    accounts['boss'] = { email: 'boss@example.org', email_verified: true, groups };
    await come('boss');
    const first = await backend.person('admin@localhost', ['admin']);
    const { body } = await first.get('/v1/admin/session');
    assert.equal(
      (await first.call('PATCH', `/v1/admin/users/${String(body['id'])}`, { roles: ['auditor'] })).status,
      200,
    );
    accounts['boss'] = { email: 'boss@example.org', email_verified: true };
    const last = (await come('boss')).jar;
    assert.equal((await last.get(`/v1/admin/users/${boss.id}`)).status, 200);
    assert.deepEqual((await last.get('/v1/me')).body['roles'], ['approver', 'admin']);
  },
);

checks('sign-in enumeration / lock-out', 'who tries learns nothing, and keeps nobody out', async (t) => {
  const { backend } = await open(t, {});
  const { clock } = backend;
  const admin = await backend.person('ada@example.org', ['admin']);
  const people = Object.fromEntries(
    await Promise.all(
      ['right', 'none', 'left', 'locked'].map(
        async (name) => [name, await somebody(backend, name, ['employee'])] as const,
      ),
    ),
  );
  const idOf = (name: string) => people[name]?.id ?? '';
  for (const name of ['right', 'left', 'locked']) await withPassword(backend, idOf(name));
  await admin.call('PATCH', `/v1/admin/users/${idOf('left')}`, { active: false });
  const enter = (name: string, secret: string, jar = new Jar(backend)) =>
    jar.post('/v1/sign-in/password', { email: `${name}@example.org`, password: secret });
  for (let tries = 0; tries < 5; tries += 1) await enter('locked', 'wrong-wrong-wrong');

  const said = ({ status, headers, body }: Seen) => ({
    status,
    body: { ...body, request_id: undefined },
    headers: [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)),
  });
  const expected = said(await enter('nobody', 'wrong-wrong-wrong'));
  assert.equal(expected.body['error_code' as keyof object], 'sign_in_refused');
  for (const [name, secret] of [
    ['right', 'wrong-wrong-wrong'],
    ['none', password],
    ['left', password],
    ['locked', password],
    ['locked', 'wrong-wrong-wrong'],
    ["' or 1=1 --", password],
    ['nobody', password],
  ] as const)
    assert.deepEqual(said(await enter(name, secret)), expected, name);
  // Time, as a class: each costs one hash. A hash less would show as a tenth.
  const timeOf = async (name: string) => {
    const times: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const begun = performance.now();
      await enter(name, 'wrong-wrong-wrong');
      times.push(performance.now() - begun);
    }
    return times.toSorted((a, b) => a - b)[2] ?? 0;
  };
  const [ofNobody, ofLocked, ofLeft] = [await timeOf('nobody'), await timeOf('locked'), await timeOf('left')];
  for (const time of [ofLocked, ofLeft]) assert.ok(time > ofNobody / 4 && time < ofNobody * 4, `${time} ${ofNobody}`);

  // Locked out by a stranger: every other way is open, and trying on does not make it longer.
  const row = async () =>
    backend.server.deps.store.read
      .selectFrom('passwords')
      .select(['failures', 'locked_until'])
      .where('person_id', '=', idOf('locked'))
      .executeTakeFirstOrThrow();
  const { locked_until: until } = await row();
  await enter('locked', 'wrong-wrong-wrong');
  assert.deepEqual(await row(), { failures: 5, locked_until: until });
  const jar = await signedIn(backend, idOf('locked'));
  assert.equal(await jar.isIn(), true);
  assert.equal((await new Jar(backend).post('/v1/sign-in/passkey/options', {})).status, 201);
  const options = (await new Jar(backend).post('/v1/sign-in/passkey/options', {})).body['options'];
  assert.deepEqual((options as { allowCredentials: unknown[] }).allowCredentials, [], 'it names nobody’s passkeys');
  await backend.server.jobs.run('tell of what happened');
  assert.match((await jar.get('/v1/me/notices')).text, /account\.sign_in_locked/, 'whose it is, is told');
  clock.advance(16 * minute);
  assert.equal((await enter('locked', password)).status, 200);
});

checks(
  'sign-in enumeration / lock-out',
  'a code counts once, wherever it is shown, and guesses are counted by address',
  async (t) => {
    const backend = await startBackend(t, { POSTERN_ISSUER: issuer, POSTERN_LIMIT_SIGN_IN: '30' });
    const { clock } = backend;
    const erin = await somebody(backend, 'erin', ['approver']);
    const jar = await signedIn(backend, erin.id);
    const { body } = await jar.post('/v1/me/authenticator-app', {});
    const secret = String(body['secret']);
    const code = () => totp(secret, clock.now());
    assert.equal((await jar.post('/v1/me/authenticator-app/confirm', { code: code() })).status, 204);
    clock.advance(30 * second);
    const set = await jar.send('PUT', '/v1/me/password', {
      body: { password, stepUp: { kind: 'code', code: code() } },
    });
    assert.equal(set.status, 204, set.text);
    const half = async () => {
      const other = new Jar(backend);
      assert.equal(
        (await other.post('/v1/sign-in/password', { email: erin.email, password })).body['state'],
        'second-factor',
      );
      assert.equal(await other.isIn(), false, 'half of it is nothing');
      return other;
    };
    const enter = (other: Jar, given: string) => other.post('/v1/sign-in/password/code', { code: given });
    const seen = code();
    assert.equal((await enter(await half(), seen)).body['error_code'], 'step_up_invalid', 'used to set the password');
    clock.advance(30 * second);
    const [one, two] = [await half(), await half()];
    const next = code();
    assert.equal((await enter(one, next)).status, 200);
    assert.equal((await enter(two, next)).body['error_code'], 'step_up_invalid', 'used to sign in');
    assert.equal((await enter(new Jar(backend), next)).body['error_code'], 'sign_in_lost');
    const manage = { password: `${password}s`, stepUp: { kind: 'code', code: next } };
    assert.equal((await one.send('PUT', '/v1/me/password', { body: manage })).body['error_code'], 'step_up_invalid');

    const statuses = new Set<number>();
    for (let tries = 0; tries < 40; tries += 1) {
      const email = tries % 2 === 0 ? erin.email : 'nobody@example.org';
      const headers = { 'x-forwarded-for': `192.0.2.${tries}`, forwarded: `for=192.0.2.${tries}` };
      const answer = await new Jar(backend).post(
        '/v1/sign-in/password',
        { email, password: 'wrong-wrong-wrong' },
        headers,
      );
      statuses.add(answer.status);
      if (answer.status === 429) assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
    }
    assert.ok(statuses.has(429), 'whatever address it says that it comes from');
    clock.advance(hour);
  },
);
