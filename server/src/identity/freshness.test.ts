import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hour, minute } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import { hasSteppedUp } from '../http/step-up.ts';
import { callRoute } from '../http/testing/call-route.ts';
import { createApiToken } from './api-tokens.ts';
import { createSignInLink } from './sign-in-links.ts';
import { issuer, openIdentity, opened } from './testing/open-identity.ts';

type Identity = Awaited<ReturnType<typeof openIdentity>>;
type Headers = Record<string, string>;

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** A token that the command line makes, as whoever has the server's shell does. */
async function tokenOf({ deps, clock }: Identity, { id }: { id: string }): Promise<Headers> {
  const wish = { userId: id, label: 'shell', lifeMs: 10 * hour };
  return bearer((await createApiToken(deps, wish, systemActor, clock.at)).token);
}

/** Calls an endpoint with credentials, through the authenticator. */
async function call(identity: Identity, headers: Headers, path: string, body: object) {
  const as = await identity.callerWith(headers);
  return callRoute(identity.routes, { method: 'POST', path, now: identity.clock.at, issuer }, { as, body });
}

async function tokenMadeWith(identity: Identity, headers: Headers): Promise<Headers> {
  const { body } = await call(identity, headers, `/v1/admin/users/${identity.ada.id}/api-tokens`, { label: 'more' });
  return bearer(String(body['token']));
}

async function sessionMadeWith(identity: Identity, headers: Headers): Promise<Headers> {
  const { body } = await call(identity, headers, `/v1/admin/users/${identity.ada.id}/sign-in-links`, {});
  return sessionOf(identity, String(body['link']));
}

async function sessionOf(identity: Identity, link: string): Promise<Headers> {
  const { headers } = await identity.signIn(link.split('#sign-in=')[1] ?? assert.fail());
  return { cookie: headers['set-cookie']?.split(';')[0] ?? assert.fail() };
}

const provedAt = async (identity: Identity, headers: Headers) => (await identity.callerWith(headers)).authenticatedAt;

test('what the command line makes is as fresh as it is new', async (t) => {
  const identity = await openIdentity(t);
  identity.pass(hour);
  assert.equal(await provedAt(identity, await tokenOf(identity, identity.ada)), opened + hour);
  const { link } = await createSignInLink(identity.deps, identity.ada.id, systemActor, identity.clock.at);
  identity.pass(20 * minute);
  const session = await sessionOf(identity, link);
  const used = opened + hour + 20 * minute;
  assert.equal(await provedAt(identity, session), used, 'who uses a link that works once has just proved who they are');
});

test('a token or a link that was made with a token is no fresher than that token, however long the chain', async (t) => {
  const identity = await openIdentity(t);
  const first = await tokenOf(identity, identity.ada);
  const chains: ((from: Headers) => Promise<Headers>)[] = [
    (from) => tokenMadeWith(identity, from),
    (from) => sessionMadeWith(identity, from),
  ];
  let holders = [first];
  for (let length = 0; length < 3; length += 1) {
    identity.pass(10 * minute);
    const made: Headers[] = [];
    for (const holder of holders) for (const make of chains) made.push(await make(holder));
    for (const each of made) assert.equal(await provedAt(identity, each), opened);
    holders = made;
  }
  assert.equal(holders.length, 8);
});

test('a token that an admin makes for somebody else proves nothing of them, however new it is', async (t) => {
  const identity = await openIdentity(t);
  const bob = await identity.add('Bob', ['approver']);
  const ada = await tokenOf(identity, identity.ada);
  const { body } = await call(identity, ada, `/v1/admin/users/${bob.id}/api-tokens`, { label: 'his' });
  const caller = await identity.callerWith(bearer(String(body['token'])));
  assert.deepEqual([caller.id, hasSteppedUp(caller, identity.clock.at)], [bob.id, false]);
  assert.equal(hasSteppedUp(await identity.callerWith(ada), identity.clock.at), true);
});
