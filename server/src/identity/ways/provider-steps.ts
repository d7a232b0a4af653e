import * as oidc from 'openid-client';
import { z } from 'zod';
import { consolePath } from '@postern/shared/console-path';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, second } from '@postern/shared/time';
import type { SignInProvider } from '../../config.ts';
import { ConflictError } from '../../storage/store.ts';
import { allClaims, type ProviderSays, readClaims } from '../providers/claims.ts';
import type { ProviderClient } from '../providers/client.ts';
import { bringUpToDate, whomItKnows } from '../providers/whom.ts';
import type { Browser } from '../sessions/browser.ts';
import { openSession } from '../sessions/open-session.ts';
import { beginSignIn, readSignIn, spendSignIn } from './pending.ts';
import type { WayDeps } from './way.ts';

const contentSchema = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });
type Content = z.output<typeof contentSchema>;

const redirectUri = ({ config }: WayDeps, { id }: SignInProvider) =>
  `${config.issuer}/v1/sign-in/providers/${id}/callback`;

/** Where the browser is to go, and what it keeps so that nobody else can come back in its place. */
export async function beginAtProvider(
  deps: WayDeps,
  provider: SignInProvider,
  client: oidc.Configuration,
  { returnTo, isFresh }: { returnTo: string; isFresh: boolean },
  now: Instant,
): Promise<{ address: string; cookie: string }> {
  const content: Content = {
    state: deps.random.secret(),
    nonce: deps.random.secret(),
    verifier: oidc.randomPKCECodeVerifier(),
  };
  const begun = await beginSignIn(deps, { kind: 'provider', provider: provider.id, returnTo, content }, now);
  const address = oidc.buildAuthorizationUrl(client, {
    redirect_uri: redirectUri(deps, provider),
    scope: provider.scope,
    state: content.state,
    nonce: content.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(content.verifier),
    code_challenge_method: 'S256',
    // Whoever is asked for an age says when they saw the person (auth_time), which a proof of freshness goes by.
    max_age: isFresh ? '0' : String(Math.floor(deps.config.session.lifeMs / second)),
    ...(isFresh ? { prompt: 'login' } : {}),
  });
  await deps.store.commit({ changes: begun.changes, audit: [] });
  return { address: address.href, cookie: begun.cookie };
}

/**
 * Takes somebody in who comes back from a provider. What came along is used up before anybody is asked about it: an answer
 * counts once, in the browser that it is for, from the provider that was asked (RFC 9700 section 4.4, RFC 9207).
 *
 * @throws Fault sign_in_lost, sign_in_refused, sign_in_unknown_person, identity_provider_unavailable, conflict
 */
export async function comeBack(
  deps: WayDeps,
  provider: SignInProvider,
  client: ProviderClient,
  { query, browser }: { query: Readonly<Record<string, string>>; browser: Browser },
  now: Instant,
): Promise<{ session: string; returnTo: string }> {
  const { row, content } = await readSignIn(deps, browser, 'provider', contentSchema, now);
  // It was begun with another one, whose answer this may be (mix-up).
  if (row.provider !== provider.id) throw new Fault('sign_in_lost');
  try {
    await deps.store.commit({ changes: [spendSignIn(row, now)], audit: [] });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('sign_in_lost') : error;
  }
  const says = await askProvider(deps, provider, await client(), { query, content }, now);
  const person = await whomItKnows(deps, provider, says, now);
  if (says.groups !== undefined) await bringUpToDate(deps, provider, person, says.groups, now);
  const of = {
    personId: person.id,
    method: 'provider',
    authenticatedAt: says.authenticatedAt,
    by: { provider: provider.id },
  } as const;
  const { session, unit } = await openSession(deps, of, browser, now);
  await deps.store.commit(unit);
  return { session, returnTo: consolePath(row.return_to ?? undefined) };
}

async function askProvider(
  deps: WayDeps,
  provider: SignInProvider,
  client: oidc.Configuration,
  { query, content }: { query: Readonly<Record<string, string>>; content: Content },
  now: Instant,
): Promise<ProviderSays> {
  const here = new URL(redirectUri(deps, provider));
  here.search = new URLSearchParams(query).toString();
  try {
    const tokens = await oidc.authorizationCodeGrant(client, here, {
      expectedState: content.state,
      expectedNonce: content.nonce,
      pkceCodeVerifier: content.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('there is no ID token');
    // Some tell addresses and groups only there.
    const isThin = claims['email'] === undefined || claims[provider.groupsClaim] === undefined;
    const mayAsk = client.serverMetadata().userinfo_endpoint !== undefined;
    const more = isThin && mayAsk ? await oidc.fetchUserInfo(client, tokens.access_token, claims.sub) : {};
    return readClaims(allClaims(claims, more), provider.groupsClaim, now);
  } catch (error) {
    if (isUnreachable(error)) throw new Fault('identity_provider_unavailable', { cause: error });
    // Why is for the operator: the error of the library names a claim or a parameter, no secret.
    deps.log.warn({ provider: provider.id, err: error }, 'a sign-in with a provider was refused');
    throw new Fault('sign_in_refused', { cause: error });
  }
}

/** Nobody answered, or not in time; what was answered and is wrong is another matter. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  return (
    error.name === 'TimeoutError' ||
    code === 'OAUTH_TIMEOUT' ||
    (error instanceof TypeError && error.message === 'fetch failed')
  );
}
