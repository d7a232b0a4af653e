import { isIP } from 'node:net';
import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import type { Assertion } from '@postern/shared/protocol/step-up';
import { passkeySignInOptionsSchema, passkeySignInSchema, signedInSchema } from '@postern/shared/protocol/sign-in';
import { type Instant, minute, toTimestamp } from '@postern/shared/time';
import { defineRoute } from '../../http/route.ts';
import { loadWebauthn, relyingParty, signedCounter } from '../../step-up/index.ts';
import { updateOne } from '../../storage/change.ts';
import { ConflictError } from '../../storage/store.ts';
import { refuseOtherOrigin } from '../origin.ts';
import { readUser, userView } from '../read-user.ts';
import type { Browser } from '../sessions/browser.ts';
import { openSession } from '../sessions/open-session.ts';
import { sessionCookie } from '../sessions/session-cookie.ts';
import { beginSignIn, readSignIn, spendSignIn } from './pending.ts';
import { refuseSignIn } from './refuse-sign-in.ts';
import type { Way, WayDeps } from './way.ts';

const contentSchema = z.strictObject({ challenge: z.string() });
const ofBrowsers = { audience: 'open', rate: 'sign-in' } as const;

/**
 * A passkey that is kept in an authenticator: nobody is asked who they are, it says so itself (WebAuthn section 6.3.3). It
 * counts as two factors, for it is held and was unlocked.
 */
export const passkeyWay: Way = {
  // Browsers have passkeys for names alone (WebAuthn section 5.1.3).
  offers: ({ issuer }) => (isIP(new URL(issuer).hostname.replaceAll(/[[\]]/g, '')) === 0 ? [{ way: 'passkey' }] : []),
  routes: (deps) => [
    defineRoute({
      ...ofBrowsers,
      method: 'POST',
      path: '/v1/sign-in/passkey/options',
      summary: 'Begin to sign in with a passkey; good for this browser, once, for ten minutes',
      body: { type: 'json', schema: z.strictObject({}) },
      replies: { 201: passkeySignInOptionsSchema },
      errors: ['origin_refused'],
      async handle({ header, now }) {
        refuseOtherOrigin(deps.config.issuer, header);
        const challenge = deps.random.secret();
        const begun = await beginSignIn(deps, { kind: 'passkey', content: { challenge } }, now);
        const { generateAuthenticationOptions } = await loadWebauthn();
        const options = await generateAuthenticationOptions({
          rpID: relyingParty(deps.config).id,
          challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
          allowCredentials: [],
          userVerification: 'required',
          timeout: 5 * minute,
        });
        await deps.store.commit({ changes: begun.changes, audit: [] });
        const body = { options: { ...options }, expiresAt: toTimestamp(begun.expiresAt) };
        return { status: 201, body, headers: { 'set-cookie': begun.cookie } };
      },
    }),
    defineRoute({
      ...ofBrowsers,
      method: 'POST',
      path: '/v1/sign-in/passkey',
      summary: 'Sign in with what a passkey signed; sets the session cookie',
      body: { type: 'json', schema: passkeySignInSchema },
      replies: { 200: signedInSchema },
      errors: ['origin_refused', 'sign_in_lost', 'sign_in_refused'],
      async handle({ body: { assertion }, header, remoteAddress, now }) {
        refuseOtherOrigin(deps.config.issuer, header);
        const { session, personId } = await signInByPasskey(deps, assertion, { header, remoteAddress }, now);
        const person = userView(await readUser(deps.store, personId));
        return {
          status: 200,
          body: { state: 'signed-in', person },
          headers: { 'set-cookie': sessionCookie(deps.config, session) },
        };
      },
    }),
  ],
};

async function signInByPasskey(
  deps: WayDeps,
  assertion: Assertion,
  browser: Browser,
  now: Instant,
): Promise<{ session: string; personId: string }> {
  const { store, config } = deps;
  const pending = await readSignIn(deps, browser, 'passkey', contentSchema, now);
  const spent = spendSignIn(pending.row, now);
  const passkey = await store.read
    .selectFrom('passkeys')
    .innerJoin('users', 'users.id', 'passkeys.person_id')
    .selectAll('passkeys')
    .select('users.active')
    .where('passkeys.id', '=', assertion.id)
    .where('passkeys.removed_at', 'is', null)
    .executeTakeFirst();
  // A challenge that was answered wrongly is good no more, whoever answered it.
  if (passkey === undefined) {
    await spend(deps, [spent]);
    throw new Fault('sign_in_refused');
  }
  const { person_id: personId, active } = passkey;
  const signed = await signedCounter(config, personId, passkey, pending.content.challenge, assertion);
  const flaw = typeof signed === 'string' ? signed : active === 1 ? undefined : 'inactive';
  if (typeof signed === 'string' || flaw !== undefined) {
    await spend(deps, [spent]);
    throw await refuseSignIn(deps, { personId, by: 'passkey', code: 'sign_in_refused', cause: flaw ?? '' }, now);
  }
  const { session, unit } = await openSession(
    deps,
    { personId, method: 'passkey', authenticatedAt: now, by: { passkey: passkey.id } },
    browser,
    now,
  );
  const used = updateOne(
    'passkeys',
    { id: passkey.id, removed_at: null, counter: passkey.counter },
    { counter: signed.counter, backed_up: signed.backedUp ? 1 : 0, used_at: now },
  );
  await spend(deps, [spent, used, ...unit.changes], unit.audit);
  return { session, personId };
}

/** Somebody who was faster with the same answer has used it up. */
async function spend(
  { store }: WayDeps,
  changes: Parameters<WayDeps['store']['commit']>[0]['changes'],
  audit: Parameters<WayDeps['store']['commit']>[0]['audit'] = [],
): Promise<void> {
  try {
    await store.commit({ changes, audit });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('sign_in_lost') : error;
  }
}
