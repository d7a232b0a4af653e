import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { SignInProvider } from '../../config.ts';

interface Context {
  after(clean: () => void | Promise<void>): void;
}

/** What a provider says, and how: everything can be made wrong. */
interface Says {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  /** Signed by somebody else's key under the same name. */
  isForged?: boolean;
}

/** An OpenID provider in a few lines, on loopback. People are whom the test says. */
export class FakeProvider {
  readonly issuer: string;
  /** What the next ID token says beside who asked for it. */
  says: Says = {};
  /** Forms that came to the token endpoint, with their Authorization. */
  readonly asked: { form: URLSearchParams; authorization: string | undefined }[] = [];
  isDown = false;
  #nonce = '';

  private constructor(issuer: string) {
    this.issuer = issuer;
  }

  static async start(t: Context): Promise<FakeProvider> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const { privateKey: otherKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        void answer(request.url ?? '', body, request.headers.authorization).then((document) => {
          response.writeHead(document === undefined ? 503 : 200, { 'content-type': 'application/json' });
          response.end(JSON.stringify(document ?? {}));
        });
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    t.after(
      () =>
        new Promise<void>((closed) => {
          server.closeAllConnections();
          server.close(() => closed());
        }),
    );
    const provider = new FakeProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { issuer } = provider;

    async function answer(url: string, body: string, authorization: string | undefined): Promise<object | undefined> {
      if (provider.isDown) return undefined;
      if (url === '/keys') return { keys: [jwk] };
      if (url !== '/token') return provider.#metadata();
      provider.asked.push({ form: new URLSearchParams(body), authorization });
      const { claims = {}, header = {}, isForged = false } = provider.says;
      const seconds = Math.floor(Date.now() / 1000);
      const all = {
        iss: issuer,
        aud: 'postern',
        sub: 'ada-at-idp',
        iat: seconds,
        exp: seconds + 300,
        nonce: provider.#nonce,
        ...claims,
      };
      const token = await new SignJWT(JSON.parse(JSON.stringify(all)) as Record<string, unknown>)
        .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
        .sign(isForged ? otherKey : privateKey);
      return { access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token: token };
    }
    return provider;
  }

  #metadata(): object {
    const at = (path: string) => `${this.issuer}${path}`;
    return {
      issuer: this.issuer,
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      jwks_uri: at('/keys'),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    };
  }

  /** As it would be written in a configuration. */
  written(changes: Partial<SignInProvider> = {}): SignInProvider {
    return {
      id: 'company',
      title: 'Company',
      issuer: this.issuer,
      clientId: 'postern',
      clientSecret: 'aSecretOfOurs',
      scope: 'openid email profile',
      linkByEmail: false,
      create: false,
      groupsClaim: 'groups',
      roles: {},
      groups: [],
      ...changes,
    };
  }

  /** What the browser would bring back from the place that it was led to. */
  signIn(address: string): Record<string, string> {
    const asked = new URL(address).searchParams;
    this.#nonce = asked.get('nonce') ?? '';
    return { code: 'a-code', state: asked.get('state') ?? '', iss: this.issuer };
  }
}
