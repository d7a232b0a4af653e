import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import * as client from 'openid-client';
import { freePort } from './free-port.ts';

interface Context {
  after(clean: () => void | Promise<void>): void;
}

/** Somebody who has an account at the provider. */
export interface Account {
  email: string;
  email_verified: boolean;
  name?: string;
  groups?: readonly string[];
}

interface OidcContext {
  oidc: { client: { clientId: string }; session: { accountId: string } };
}

const redirectUri = 'http://127.0.0.1/signed-in';
export const idTokenLifeSeconds = 600;

/** oidc-provider as the company's identity provider: an authorization code flow in which people sign in without being asked. */
export class IdentityProvider {
  readonly issuer: string;
  readonly #signingIn: { accountId: string };

  private constructor(issuer: string, signingIn: { accountId: string }) {
    this.issuer = issuer;
    this.#signingIn = signingIn;
  }

  /** @param back where it sends people back to */
  static async start(
    scope: Context,
    accounts: Readonly<Record<string, Account>>,
    clients: readonly string[],
    back = redirectUri,
  ) {
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const signingIn = { accountId: '' };
    const provider: Provider = new Provider(
      issuer,
      configurationOf({ accounts, clients, back }, () => provider),
    );
    const serve = provider.callback();
    const server = createServer((request, response) => {
      const isSignIn = request.url?.startsWith('/interaction/') === true;
      if (isSignIn) void provider.interactionFinished(request, response, { login: { ...signingIn } });
      else serve(request, response);
    });
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    scope.after(() => {
      server.closeAllConnections();
      return new Promise<void>((closed) => server.close(() => closed()));
    });
    return new IdentityProvider(issuer, signingIn);
  }

  /** Whoever is sent here from now on is this person, and is not asked. */
  isHere(accountId: string): void {
    this.#signingIn.accountId = accountId;
  }

  /** The ID token that a program of that client gets when this person signs in. */
  async idToken(accountId: string, clientId: string): Promise<string> {
    this.isHere(accountId);
    const config = await client.discovery(new URL(this.issuer), clientId, undefined, client.None(), {
      execute: [client.allowInsecureRequests],
    });
    const verifier = client.randomPKCECodeVerifier();
    const asked = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid email',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const { id_token: token } = await client.authorizationCodeGrant(config, await follow(asked), {
      pkceCodeVerifier: verifier,
    });
    if (token === undefined) throw new Error('no ID token');
    return token;
  }
}

/** As a browser does, with cookies, up to the place where the program waits. */
async function follow(from: URL): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = from;
  for (let steps = 0; steps < 10 && !url.href.startsWith(redirectUri); steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) throw new Error(`${url.pathname} answered ${answer.status}: ${await answer.text()}`);
    url = new URL(next, url);
  }
  return url;
}

function configurationOf(
  {
    accounts,
    clients,
    back,
  }: { accounts: Readonly<Record<string, Account>>; clients: readonly string[]; back: string },
  provider: () => Provider,
): object {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    clients: clients.map((id) => ({
      client_id: id,
      token_endpoint_auth_method: 'none',
      redirect_uris: [back],
    })),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'company' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    // Otherwise only the userinfo endpoint tells the address.
    conformIdTokenClaims: false,
    ttl: {
      IdToken: idTokenLifeSeconds,
      Interaction: 600,
      Grant: 600,
      Session: 600,
      AccessToken: 600,
      AuthorizationCode: 60,
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...accounts[id] }),
    }),
    async loadExistingGrant({ oidc }: OidcContext) {
      const grant = new (provider().Grant)({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  };
}
