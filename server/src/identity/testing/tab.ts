import type { AnyRoute } from '../../http/route.ts';
import { issuer, type openIdentity } from './open-identity.ts';

type Identity = Awaited<ReturnType<typeof openIdentity>>;

/** A browser of somebody, as far as signing in is concerned: it keeps cookies, and says where it is. */
export class Tab {
  readonly cookies = new Map<string, string>();
  readonly #identity: Identity;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async send<Body = Record<string, unknown>>(
    method: AnyRoute['method'],
    path: string,
    sent: { body?: unknown; query?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    const headers = {
      cookie: this.cookie,
      'user-agent': 'Test browser 1.0',
      ...(method === 'GET' ? {} : { origin: issuer, 'sec-fetch-site': 'same-origin' }),
      ...sent.headers,
    };
    const answer = await this.#identity.call<Body>(method, path, { ...sent, headers });
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(answer.headers['set-cookie'] ?? '') ?? [];
    if (name !== '') this.cookies.set(name, value);
    return answer;
  }

  post<Body = Record<string, unknown>>(path: string, body: unknown) {
    return this.send<Body>('POST', path, { body });
  }

  /** Who is signed in here, or the code of the refusal. */
  whoIs(): Promise<string> {
    return this.#identity.whoIs({ cookie: this.cookie });
  }

  /** The cookie of the session alone. */
  get session(): string | undefined {
    return this.cookies.get('__Host-postern');
  }
}
