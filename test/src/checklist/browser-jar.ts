import { findUserByEmail, createSignInLink, createUser } from '@postern/server/identity/index';
import type { Role } from '@postern/shared/protocol/admin';
import type { Backend } from '../support/backend.ts';

const system = { kind: 'system' as const, id: null };

export interface Seen {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  text: string;
}

/** A browser without pages: it keeps cookies, and says of each request whose idea it was, as far as a test does not say otherwise. */
export class Jar {
  readonly cookies = new Map<string, string>();
  readonly #url: string;
  readonly #origin: string;

  constructor({ url, server }: Pick<Backend, 'url' | 'server'>) {
    this.#url = url;
    this.#origin = new URL(server.deps.config.issuer).origin;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** The session alone, as `name=value`. */
  get session(): string | undefined {
    const [name = '', value] = [...this.cookies].find(([each]) => /(^|-)postern$/.test(each)) ?? [];
    return value === undefined ? undefined : `${name}=${value}`;
  }

  /** @param headers undefined: without that one */
  async send(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string | undefined> } = {},
  ): Promise<Seen> {
    const own = method === 'GET' || method === 'HEAD' ? {} : { origin: this.#origin, 'sec-fetch-site': 'same-origin' };
    const typed = body === undefined ? {} : { 'content-type': 'application/json' };
    const all = Object.entries({ cookie: this.cookie, ...typed, ...own, ...headers });
    const answer = await fetch(this.#url + path, {
      method,
      redirect: 'manual',
      headers: Object.fromEntries(
        all.filter((each): each is [string, string] => each[1] !== undefined && each[1] !== ''),
      ),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    const document = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: answer.status, headers: answer.headers, body: document, text };
  }

  get(path: string, headers: Record<string, string | undefined> = {}): Promise<Seen> {
    return this.send('GET', path, { headers });
  }

  post(path: string, body: unknown, headers: Record<string, string | undefined> = {}): Promise<Seen> {
    return this.send('POST', path, { body, headers });
  }

  /** Signs in with a one-time link. */
  async enter(code: string): Promise<Seen> {
    return this.post('/v1/admin/session', { code });
  }

  /** Whether somebody is signed in here. */
  async isIn(): Promise<boolean> {
    return (await this.get('/v1/me')).status === 200;
  }
}

/** Somebody who is known here. */
export async function somebody(
  backend: Backend,
  name: string,
  roles: readonly Role[],
): Promise<{ id: string; email: string }> {
  const { deps } = backend.server;
  const email = `${name}@example.org`;
  const known = await findUserByEmail(deps.store.read, email);
  return known ?? (await createUser(deps, { name, email, roles }, system, backend.clock.now()));
}

/** The code of a link that signs them in. */
export async function codeFor(backend: Backend, id: string): Promise<string> {
  const { link } = await createSignInLink(backend.server.deps, id, system, backend.clock.now());
  return new URLSearchParams(new URL(link).hash.slice(1)).get('sign-in') ?? '';
}

/** A browser in which they are signed in, by a link. */
export async function signedIn(backend: Backend, id: string): Promise<Jar> {
  const jar = new Jar(backend);
  await jar.enter(await codeFor(backend, id));
  return jar;
}

export const password = 'correct-battery-horse';

/** Gives somebody a password, as they do it themselves. */
export async function withPassword(backend: Backend, id: string): Promise<void> {
  const jar = await signedIn(backend, id);
  const { status, text } = await jar.send('PUT', '/v1/me/password', { body: { password } });
  if (status !== 204) throw new Error(text);
}
