import type { Role } from '@postern/shared/protocol/admin';
import type { Instant } from '@postern/shared/time';
import { SoftwareAuthenticator } from '../../server/src/step-up/testing/authenticator.ts';
import { createSignInLink } from '../../server/src/identity/index.ts';
import { systemActor } from '../../server/src/audit/event.ts';

/** The backend that somebody speaks with, and what time it is there. */
interface Place {
  url: string;
  issuer: string;
  deps: Parameters<typeof createSignInLink>[0];
  now(): Instant;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** The backend said no, where the story needs a yes. */
export class Refused extends Error {
  readonly code: string;

  constructor(what: string, { status, body }: Answer) {
    super(`${what}: ${status} ${JSON.stringify(body)}`);
    this.code = String(body['error_code']);
  }
}

/** One call with JSON both ways, from some address. */
export async function exchange(address: string, request: RequestInit): Promise<Answer> {
  const answer = await fetch(address, request);
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, body: text === '' || !isJson ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** Somebody who decides, reads or administrates, with a passkey of their own. */
export class Actor {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly #place: Place;
  readonly #token: string;
  #passkey: SoftwareAuthenticator | undefined;

  constructor(place: Place, person: { id: string; name: string; roles: readonly Role[] }, token: string) {
    this.id = person.id;
    this.name = person.name;
    this.roles = person.roles;
    this.#place = place;
    this.#token = token;
  }

  /**
   * @param about what a proof of who they are is for, where one may be asked for
   * @throws Refused
   */
  async call(
    method: string,
    path: string,
    body?: Record<string, unknown>,
    about?: { purpose: string; about: object },
    withProof = (stepUp: object): object => ({ ...body, stepUp }),
  ): Promise<Record<string, unknown>> {
    let answer = await this.#send(method, path, body);
    if (answer.body['error_code'] === 'step_up_required' && about !== undefined) {
      const asked = await this.call('POST', '/v1/me/step-ups', about);
      const challenge = asked as unknown as { id: string; options: { challenge: string } };
      if (this.#passkey === undefined) throw new Refused(`${this.name} has no passkey for ${path}`, answer);
      answer = await this.#send(method, path, withProof(this.#passkey.answer(challenge)));
    }
    if (answer.status >= 300) throw new Refused(`${this.name}: ${method} ${path}`, answer);
    return answer.body;
  }

  get(path: string): Promise<Record<string, unknown>> {
    return this.call('GET', path);
  }

  post(path: string, body: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.call('POST', path, body);
  }

  /** Adds a passkey: right after signing in no other proof is asked for. */
  async addPasskey(): Promise<void> {
    const passkey = new SoftwareAuthenticator({ origin: this.#place.issuer });
    const made = (await this.post('/v1/me/passkeys/options')) as { id: string; options: { challenge: string } };
    const attestation = passkey.register({ challenge: made.options.challenge });
    await this.post('/v1/me/passkeys', {
      stepUp: made.id,
      label: `${this.name.split(' ')[0]}'s security key`,
      attestation,
    });
    this.#passkey = passkey;
  }

  /** Signs in in a browser, as people do in the morning. */
  async signIn(): Promise<void> {
    const { deps, url, issuer } = this.#place;
    const { link } = await createSignInLink(deps, this.id, systemActor, this.#place.now());
    await exchange(`${url}/v1/admin/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: issuer, 'x-forwarded-for': '203.0.113.20' },
      body: JSON.stringify({ code: link.split('#sign-in=')[1] }),
    });
  }

  #send(method: string, path: string, body?: object): Promise<Answer> {
    return exchange(`${this.#place.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'x-forwarded-for': '203.0.113.20',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
