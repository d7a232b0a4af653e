import { pollMethod } from '../../protocol/signal.ts';
import { issuer } from './fake-issuer.ts';

interface Asked {
  method: string;
  path: string;
  headers: Headers;
  body: string;
}

type Answer = Response | Promise<Response>;

/** Postern as the library sees it, behind a `fetch` of its own: what it answers is for the test to say. */
export class FakeBackend {
  readonly asked: Asked[] = [];
  /** Nobody answers, as when the host is gone. */
  away = false;
  jwks: unknown = { keys: [] };
  signalJwks: unknown = { keys: [] };
  transmitter: Record<string, unknown> = { issuer, jwks_uri: `${issuer}/ssf/jwks.json` };
  introspect: (token: string) => Answer = () => Response.json({ active: false });
  verify: (asked: Asked) => Answer = () => new Response(null, { status: 403 });
  /** Signals that wait to be polled, by jti. */
  waiting = new Map<string, string>();
  acknowledged: string[] = [];
  refused: Record<string, unknown> = {};
  streamStatus = 'enabled';
  hasStream = true;
  pollStatus = 200;
  /** Polls that may wait are answered only after it. */
  held: Promise<void> | undefined;

  count(path: string): number {
    return this.asked.filter((each) => each.path.startsWith(path)).length;
  }

  readonly fetch = async (input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input, { ...init, signal: null });
    const path = request.url.slice(issuer.length);
    const asked = { method: request.method, path, headers: request.headers, body: await request.text() };
    this.asked.push(asked);
    if (this.away) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    const answer = Promise.resolve(this.#answer(asked));
    const { signal } = init;
    if (!signal) return answer;
    signal.throwIfAborted();
    return await Promise.race([
      answer,
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
    ]);
  };

  #answer(asked: Asked): Answer {
    const { path, body, method } = asked;
    if (path === '/.well-known/jwks.json') return Response.json(this.jwks);
    if (path === '/.well-known/ssf-configuration') return Response.json(this.transmitter);
    if (path === '/ssf/jwks.json') return Response.json(this.signalJwks);
    if (path === '/oauth/introspect') return this.introspect(new URLSearchParams(body).get('token') ?? '');
    if (path.startsWith('/verify/forward')) return this.verify(asked);
    if (path === '/ssf/streams') {
      if (method === 'GET') return Response.json(this.hasStream ? [this.#stream()] : []);
      this.hasStream = true;
      return Response.json(this.#stream(), { status: 201 });
    }
    if (path.startsWith('/ssf/status')) {
      if (method === 'POST') this.streamStatus = (JSON.parse(body) as { status: string }).status;
      return Response.json({ stream_id: 'str_1', status: this.streamStatus });
    }
    if (path === '/ssf/poll') return this.#poll(body);
    return new Response(null, { status: 404 });
  }

  #stream() {
    const delivery = { method: pollMethod, endpoint_url: `${issuer}/ssf/poll` };
    return { stream_id: 'str_1', iss: issuer, aud: 'gw_1', delivery };
  }

  async #poll(body: string): Promise<Response> {
    if (this.pollStatus !== 200) return new Response(null, { status: this.pollStatus });
    const {
      ack = [],
      setErrs = {},
      returnImmediately,
    } = JSON.parse(body) as { ack?: string[]; setErrs?: Record<string, unknown>; returnImmediately: boolean };
    if (!returnImmediately) await this.held;
    for (const jti of [...ack, ...Object.keys(setErrs)]) this.waiting.delete(jti);
    this.acknowledged.push(...ack);
    Object.assign(this.refused, setErrs);
    return Response.json({ sets: Object.fromEntries(this.waiting), moreAvailable: false });
  }
}
