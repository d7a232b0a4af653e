import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Role } from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import { hour, type Instant } from '@postern/shared/time';
import { systemActor } from '../../audit/event.ts';
import type { Config } from '../../config.ts';
import { createLog } from '../../log.ts';
import type { PersonCaller } from '../../http/caller.ts';
import type { AnyRoute } from '../../http/route.ts';
import { callRoute, type Sent } from '../../http/testing/call-route.ts';
import { systemRandom } from '../../random.ts';
import type { Store } from '../../storage/store.ts';
import { openTestStore } from '../../storage/testing/test-store.ts';
import { createPersonAuthenticator, createUser, findUserByEmail, identityRoutes } from '../index.ts';

export const opened: Instant = Date.parse('2026-11-23T09:00:00Z');
export const issuer = 'https://postern.test';

interface Known {
  id: string;
  name: string;
  roles: readonly Role[];
}

/** The routes and the authenticator over a store of their own, with a clock that tests move, and an admin, Ada. */
export async function openIdentity(
  t: Pick<TestContext, 'after'>,
  options: Partial<Pick<Config, 'issuer' | 'signIn' | 'session'>> = {},
  given?: Store,
) {
  const store = given ?? (await openTestStore(t));
  const clock = { at: opened };
  const config = {
    issuer,
    masterSecret: Buffer.alloc(32, 3).toString('base64url'),
    signIn: { providers: [], passwords: true, passwordAlone: 'employees' },
    session: { lifeMs: 12 * hour, idleMs: 2 * hour },
    ...options,
  } as unknown as Config;
  const deps = { store, config, random: systemRandom, log: createLog('silent') };
  const routes = identityRoutes(deps);
  const authenticate = createPersonAuthenticator(deps);

  async function add(name: string, roles: readonly Role[]): Promise<Known> {
    const row = await createUser(deps, { name, email: `${name}@example.org`, roles }, systemActor, clock.at);
    return { id: row.id, name, roles };
  }
  // The other node of one database knows her already.
  const known = await findUserByEmail(store.read, 'ada@example.org');
  const ada: Known =
    known === undefined ? await add('Ada', ['admin']) : { id: known.id, name: 'Ada', roles: ['admin'] };
  const asCaller = ({ id, name, roles }: Known, authenticatedAt = 0): PersonCaller => ({
    kind: 'person',
    id,
    name,
    roles,
    via: 'session',
    authenticatedAt,
  });

  async function call<Body = Record<string, unknown>>(
    method: AnyRoute['method'],
    path: string,
    sent: Omit<Sent, 'as'> & { as?: Known } = {},
  ) {
    const { as, ...rest } = sent;
    const whole = as === undefined ? rest : { ...rest, as: asCaller(as) };
    return await callRoute<Body>(routes, { method, path, now: clock.at, issuer: config.issuer }, whole);
  }

  /** As somebody who has just shown who they are. */
  async function callFresh(method: AnyRoute['method'], path: string, sent: Omit<Sent, 'as'> & { as: Known }) {
    const as = asCaller(sent.as, clock.at);
    return await callRoute(routes, { method, path, now: clock.at, issuer: config.issuer }, { ...sent, as });
  }

  /** The code of a one-time link, as it stands in the fragment. */
  async function link({ id }: { id: string }): Promise<string> {
    const { body, code } = await call<{ link: string }>('POST', `/v1/admin/users/${id}/sign-in-links`, { as: ada });
    assert.equal(code, undefined);
    const [, secret] = body.link.split('#sign-in=');
    return secret ?? assert.fail('there is no secret in the fragment');
  }

  async function signIn(code: string, headers: Record<string, string> = {}) {
    return await call('POST', '/v1/admin/session', { body: { code }, headers });
  }

  /** The Cookie header of somebody who has just signed in. */
  async function cookieOf(person: { id: string }): Promise<string> {
    const { headers } = await signIn(await link(person));
    return headers['set-cookie']?.split(';')[0] ?? assert.fail('there is no cookie');
  }

  /** The caller as the backend sees them. */
  const callerWith = (headers: Record<string, string>) =>
    authenticate({ method: 'GET', header: (name) => headers[name], now: clock.at });

  /** Who the backend takes a caller for, or the code of its refusal. */
  async function whoIs(headers: Record<string, string>, method = 'GET'): Promise<string> {
    try {
      return (await authenticate({ method, header: (name) => headers[name], now: clock.at })).name;
    } catch (error) {
      if (error instanceof Fault) return error.code;
      throw error;
    }
  }

  async function audited(type: string) {
    const rows = await store.read.selectFrom('audit').select('entry').where('type', '=', type).orderBy('seq').execute();
    return rows.map(
      ({ entry }) =>
        JSON.parse(entry) as {
          actor: { id: string | null };
          subject: { id: string };
          outcome: string;
          data: Record<string, unknown>;
        },
    );
  }

  return {
    store,
    deps,
    clock,
    ada,
    add,
    call,
    callFresh,
    link,
    signIn,
    cookieOf,
    whoIs,
    callerWith,
    routes,
    audited,
    pass: (milliseconds: number) => (clock.at += milliseconds),
  };
}
