import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hour } from '@postern/shared/time';
import type { SignInProvider } from '../../config.ts';
import { FakeProvider } from '../testing/fake-provider.ts';
import { issuer, openIdentity } from '../testing/open-identity.ts';
import { Tab } from '../testing/tab.ts';

const begin = '/v1/sign-in/providers/company';
const callback = `${begin}/callback`;
const ada = { email: 'Ada@example.org', email_verified: true, name: 'Ada' };

/** A provider, and a server that people sign in to with it. */
async function scene(
  t: Parameters<typeof openIdentity>[0],
  changes: Partial<SignInProvider> = {},
  more: SignInProvider[] = [],
) {
  const provider = await FakeProvider.start(t);
  const providers = [provider.written(changes), ...more];
  const identity = await openIdentity(t, { signIn: { providers, passwords: false, passwordAlone: 'employees' } });
  // ID tokens are held against the clock of this machine.
  identity.clock.at = Date.now();
  const leave = async (tab: Tab, query: Record<string, string> = {}) => {
    const { status, headers, code } = await tab.send('GET', begin, { query });
    assert.equal(code, undefined);
    assert.equal(status, 302);
    return headers['Location'] ?? assert.fail();
  };
  const back = (tab: Tab, query: Record<string, string>, path = callback) => tab.send('GET', path, { query });
  const signIn = async (tab: Tab, query: Record<string, string> = {}) =>
    back(tab, provider.signIn(await leave(tab, query)));
  return { provider, identity, leave, back, signIn };
}

describe('signing in with an OpenID provider', () => {
  test('goes there with code, PKCE, state and nonce, and comes back to where somebody wanted to go', async (t) => {
    const { provider, identity, leave, back } = await scene(t, { linkByEmail: true });
    provider.says = { claims: ada };
    const tab = new Tab(identity);
    const address = new URL(await leave(tab, { to: '/devices?status=grace' }));
    const asked = Object.fromEntries(address.searchParams);
    assert.equal(`${address.origin}${address.pathname}`, `${provider.issuer}/authorize`);
    assert.deepEqual(
      [
        asked['response_type'],
        asked['client_id'],
        asked['scope'],
        asked['code_challenge_method'],
        asked['redirect_uri'],
      ],
      ['code', 'postern', 'openid email profile', 'S256', `${issuer}${callback}`],
    );
    assert.equal(asked['max_age'], '43200');
    for (const name of ['state', 'nonce', 'code_challenge']) assert.match(asked[name] ?? '', /^[\w-]{43}$/, name);
    const { status, headers } = await back(tab, provider.signIn(address.href));
    assert.deepEqual([status, headers['Location']], [302, `${issuer}/console/devices?status=grace`]);
    assert.equal(await tab.whoIs(), 'Ada');
    const [sent] = provider.asked;
    assert.match(sent?.form.get('code_verifier') ?? '', /^[\w-]{43,128}$/);
    assert.equal(sent?.authorization, `Basic ${Buffer.from('postern:aSecretOfOurs').toString('base64')}`);
    const [entry] = await identity.audited('person.signed-in');
    assert.deepEqual(entry?.data, { by: 'provider', provider: 'company' });
    const ways = (await identity.call<{ items: unknown[] }>('GET', '/v1/sign-in/ways')).body.items;
    assert.deepEqual(ways, [{ way: 'passkey' }, { way: 'provider', id: 'company', title: 'Company' }]);
  });

  test('leads to no other site afterwards', async (t) => {
    const { provider, identity, signIn } = await scene(t, { linkByEmail: true });
    provider.says = { claims: ada };
    for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example', '/../../v1/me', '/%2e%2e/v1/me']) {
      const { headers } = await signIn(new Tab(identity), { to });
      assert.equal(headers['Location'], `${issuer}/console/`, to);
    }
  });

  test('proves as much as the provider says of when it saw the person, and asks it anew where that matters', async (t) => {
    const { provider, identity, leave, signIn } = await scene(t, { linkByEmail: true });
    const tab = new Tab(identity);
    const seconds = Math.floor(identity.clock.at / 1000);
    provider.says = { claims: { ...ada, auth_time: seconds - 3600 } };
    await signIn(tab);
    const { authenticatedAt } = await identity.callerWith({ cookie: tab.cookie });
    assert.equal(authenticatedAt, (seconds - 3600) * 1000);
    assert.ok(identity.clock.at - authenticatedAt >= hour);
    const asked = new URL(await leave(tab, { fresh: 'true' })).searchParams;
    assert.deepEqual([asked.get('prompt'), asked.get('max_age')], ['login', '0']);
  });

  const answers: Record<string, [string, (good: Record<string, string>) => Record<string, string>]> = {
    'with another state': ['sign_in_refused', (good) => ({ ...good, state: 'x'.repeat(43) })],
    'without state': ['sign_in_refused', ({ state: _state, ...good }) => good],
    'of another issuer (mix-up)': ['sign_in_refused', (good) => ({ ...good, iss: 'https://evil.example' })],
    'that does not name its issuer': ['sign_in_refused', ({ iss: _iss, ...good }) => good],
    'without a code': ['sign_in_refused', ({ code: _code, ...good }) => good],
    'that says no': ['sign_in_refused', ({ code: _code, ...good }) => ({ ...good, error: 'access_denied' })],
  };
  for (const [what, [code, change]] of Object.entries(answers))
    test(`nok: an answer ${what}`, async (t) => {
      const { provider, identity, leave, back } = await scene(t, { linkByEmail: true });
      provider.says = { claims: ada };
      const tab = new Tab(identity);
      const good = provider.signIn(await leave(tab));
      assert.equal((await back(tab, change(good))).code, code);
      assert.equal((await back(tab, good)).code, 'sign_in_lost', 'and it cannot be tried again');
      assert.equal(await tab.whoIs(), 'not_signed_in');
    });

  const tokens: Record<string, FakeProvider['says']> = {
    'with another nonce': { claims: { ...ada, nonce: 'x'.repeat(43) } },
    'without nonce': { claims: { ...ada, nonce: undefined } },
    'of another issuer': { claims: { ...ada, iss: 'https://evil.example' } },
    'for another client': { claims: { ...ada, aud: 'other' } },
    'that is over': { claims: { ...ada, exp: 1 } },
    'of nobody': { claims: { ...ada, sub: undefined } },
    'by another key': { claims: ada, isForged: true },
    'by an unknown key': { claims: ada, header: { kid: 'two' } },
  };
  for (const [what, says] of Object.entries(tokens))
    test(`nok: an ID token ${what}`, async (t) => {
      const { provider, identity, signIn } = await scene(t, { linkByEmail: true });
      provider.says = says;
      const tab = new Tab(identity);
      assert.equal((await signIn(tab)).code, 'sign_in_refused');
      assert.equal(await tab.whoIs(), 'not_signed_in');
    });

  test('nok: an answer that is replayed, or brought by another browser (login CSRF), or too late', async (t) => {
    const { provider, identity, leave, back } = await scene(t, { linkByEmail: true });
    provider.says = { claims: ada };
    const tab = new Tab(identity);
    const good = provider.signIn(await leave(tab));
    const victim = new Tab(identity);
    assert.equal((await back(victim, good)).code, 'sign_in_lost');
    await leave(victim);
    assert.equal((await back(victim, good)).code, 'sign_in_refused', 'nor in the middle of a sign-in of its own');
    assert.equal((await back(tab, good)).status, 302);
    assert.equal((await back(tab, good)).code, 'sign_in_lost');
    const late = new Tab(identity);
    const answer = provider.signIn(await leave(late));
    identity.pass(hour);
    assert.equal((await back(late, answer)).code, 'sign_in_lost');
  });

  test('nok: an answer at the address of another provider', async (t) => {
    const other = await FakeProvider.start(t);
    const { provider, identity, leave, back } = await scene(t, { linkByEmail: true }, [other.written({ id: 'other' })]);
    provider.says = { claims: ada };
    const tab = new Tab(identity);
    const good = provider.signIn(await leave(tab));
    assert.equal((await back(tab, good, '/v1/sign-in/providers/other/callback')).code, 'sign_in_lost');
    assert.equal((await back(tab, good, '/v1/sign-in/providers/none/callback')).code, 'not_found');
    assert.equal((await back(tab, good)).status, 302, 'the right one is still good');
  });

  test('says that the provider is away, and leaves it alone for a moment', async (t) => {
    const { provider, identity } = await scene(t);
    provider.isDown = true;
    assert.equal((await new Tab(identity).send('GET', begin)).code, 'identity_provider_unavailable');
    provider.isDown = false;
    assert.equal((await new Tab(identity).send('GET', begin)).code, 'identity_provider_unavailable');
  });

  test('shows a browser that is refused the sign-in screen, not JSON', async (t) => {
    const { identity } = await scene(t);
    const route = identity.routes.find(({ path }) => path === '/v1/sign-in/providers/{provider}/callback');
    const { Fault } = await import('@postern/shared/protocol/errors');
    const said = route?.refuse?.(new Fault('sign_in_lost'), {
      header: () => 'text/html,*/*;q=0.8',
      now: identity.clock.at,
    });
    assert.deepEqual(
      [said?.status, said?.headers?.['Location']],
      [302, `${issuer}/console/sign-in?problem=sign_in_lost`],
    );
  });
});

describe('whom a provider knows', () => {
  test('is known by issuer and subject from then on, whatever becomes of the address', async (t) => {
    const { provider, identity, signIn } = await scene(t, { linkByEmail: true });
    provider.says = { claims: ada };
    await signIn(new Tab(identity));
    provider.says = { claims: { email: 'somebody@example.org', email_verified: false } };
    const tab = new Tab(identity);
    await signIn(tab);
    assert.equal(await tab.whoIs(), 'Ada');
    assert.equal((await identity.audited('identity.linked')).length, 1);
  });

  test('is found by an address only where the operator says so, and the provider has verified it', async (t) => {
    const strict = await scene(t);
    strict.provider.says = { claims: ada };
    assert.equal((await strict.signIn(new Tab(strict.identity))).code, 'sign_in_unknown_person');
    const { provider, identity, signIn } = await scene(t, { linkByEmail: true });
    for (const claims of [
      { ...ada, email_verified: false },
      { ...ada, email_verified: 'true' },
      { email: ada.email },
      {},
    ]) {
      provider.says = { claims };
      assert.equal((await signIn(new Tab(identity))).code, 'sign_in_unknown_person');
    }
  });

  test('does not get the account of whoever had that address before', async (t) => {
    const { provider, identity, signIn } = await scene(t, { linkByEmail: true });
    provider.says = { claims: ada };
    await signIn(new Tab(identity));
    provider.says = { claims: { ...ada, sub: 'another-ada' } };
    const tab = new Tab(identity);
    assert.equal((await signIn(tab)).code, 'sign_in_unknown_person');
    assert.equal(await tab.whoIs(), 'not_signed_in');
  });

  test('is added where the operator says so, as an employee with what their groups give', async (t) => {
    const { provider, identity, signIn } = await scene(t, {
      create: true,
      roles: { 'it-approvers': ['approver'] },
      groups: ['field'],
    });
    provider.says = {
      claims: {
        sub: 'erin',
        email: 'erin@example.org',
        email_verified: true,
        name: 'Erin',
        groups: ['field', 'lunch'],
      },
    };
    const erin = new Tab(identity);
    await signIn(erin);
    assert.equal(await erin.whoIs(), 'Erin');
    provider.says = {
      claims: { sub: 'bob', email: 'bob@example.org', email_verified: true, name: '\u202eBob', groups: 'it-approvers' },
    };
    const bob = new Tab(identity);
    await signIn(bob);
    const caller = await identity.callerWith({ cookie: bob.cookie });
    assert.deepEqual(
      [caller.name, caller.roles],
      ['bob@example.org', ['approver']],
      'a name that turns a sentence around is none',
    );
    const row = await identity.store.read
      .selectFrom('users')
      .selectAll()
      .where('name', '=', 'Erin')
      .executeTakeFirstOrThrow();
    assert.deepEqual([row.roles, row.groups], ['["employee"]', '["field"]']);
  });

  test('gets roles with their groups, and loses them with their groups', async (t) => {
    const roles = { admins: ['admin', 'approver'] as const };
    const { provider, identity, signIn } = await scene(t, { linkByEmail: true, roles });
    await identity.add('Bob', ['auditor']);
    const rolesAfter = async (groups: unknown) => {
      provider.says = { claims: { sub: 'bob', email: 'bob@example.org', email_verified: true, groups } };
      const tab = new Tab(identity);
      await signIn(tab);
      return (await identity.callerWith({ cookie: tab.cookie })).roles;
    };
    assert.deepEqual(await rolesAfter(['admins']), ['approver', 'admin', 'auditor']);
    assert.deepEqual(await rolesAfter(['others']), ['auditor'], 'what was given here stays');
    assert.deepEqual(await rolesAfter(['admins']), ['approver', 'admin', 'auditor']);
    assert.deepEqual(await rolesAfter(undefined), ['auditor'], 'the claim is gone');
    const entries = await identity.audited('user.changed');
    assert.deepEqual(
      entries.map(({ actor }) => actor.id),
      [null, null, null, null],
    );
  });

  test('never loses the last admin, nor anything because the provider did not say which groups', async (t) => {
    const { provider, identity, signIn } = await scene(t, { linkByEmail: true, roles: { admins: ['admin'] } });
    const tab = new Tab(identity);
    provider.says = { claims: { ...ada, groups: [] } };
    await signIn(tab);
    assert.deepEqual((await identity.callerWith({ cookie: tab.cookie })).roles, ['employee', 'admin']);
    await identity.add('Zoe', ['admin']);
    provider.says = { claims: { ...ada, _claim_names: { groups: 'src1' } } };
    await signIn(tab);
    assert.ok((await identity.callerWith({ cookie: tab.cookie })).roles.includes('admin'));
    provider.says = { claims: { ...ada, groups: [] } };
    await signIn(tab);
    assert.ok(!(await identity.callerWith({ cookie: tab.cookie })).roles.includes('admin'));
  });

  test('who was sent away stays away', async (t) => {
    const { provider, identity, signIn } = await scene(t, { linkByEmail: true, create: true });
    const bob = await identity.add('Bob', ['employee']);
    provider.says = { claims: { sub: 'bob', email: 'bob@example.org', email_verified: true } };
    await signIn(new Tab(identity));
    await identity.call('PATCH', `/v1/admin/users/${bob.id}`, { as: identity.ada, body: { active: false } });
    assert.equal((await signIn(new Tab(identity))).code, 'sign_in_refused');
    provider.says = { claims: { sub: 'bob-again', email: 'bob@example.org', email_verified: true } };
    assert.equal((await signIn(new Tab(identity))).code, 'sign_in_refused');
  });
});
