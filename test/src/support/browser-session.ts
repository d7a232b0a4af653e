import { createSignInLink, findUserByEmail } from '@postern/server/identity/index';
import { type ApiAnswer, callJson } from './api.ts';
import type { Backend } from './backend.ts';

/** Somebody who is signed in in a browser: a cookie, and the origin that browsers tell. */
export class BrowserSession {
  readonly #url: string;
  readonly #origin: string;
  readonly cookie: string;

  private constructor(url: string, origin: string, cookie: string) {
    this.#url = url;
    this.#origin = origin;
    this.cookie = cookie;
  }

  /** Signs in, with a link, somebody whom the backend knows. */
  static async open(backend: Backend, email: string): Promise<BrowserSession> {
    const { deps } = backend.server;
    const user = await findUserByEmail(deps.store.read, email);
    if (user === undefined) throw new Error(`nobody is ${email}`);
    const { link } = await createSignInLink(deps, user.id, { kind: 'system', id: null }, backend.clock.now());
    const answer = await fetch(`${backend.url}/v1/admin/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(deps.config.issuer).origin },
      body: JSON.stringify({ code: link.split('#sign-in=')[1] }),
    });
    if (answer.status !== 200) throw new Error(`no session: ${await answer.text()}`);
    return new BrowserSession(
      backend.url,
      new URL(deps.config.issuer).origin,
      answer.headers.get('set-cookie')?.split(';')[0] ?? '',
    );
  }

  call(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const headers = { cookie: this.cookie, origin: this.#origin };
    return callJson(`${this.#url}${path}`, { method, headers, body });
  }
}
