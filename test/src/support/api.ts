/** A small client of the JSON API for tests: no product code, so that it would notice a change of the wire. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  // What an endpoint answers is what the test is about to find out.
  body: Record<string, unknown>;
}

/** A call with JSON both ways. */
export async function callJson(
  address: string,
  { method, headers = {}, body }: { method: string; headers?: Record<string, string>; body?: unknown },
): Promise<ApiAnswer> {
  const answer = await fetch(address, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // A stream of events has no end to wait for.
  const isEndless = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isEndless) await answer.body?.cancel();
  const text = isEndless ? '' : await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

export class Api {
  readonly url: string;
  readonly token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  call(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const headers: Record<string, string> = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    return callJson(`${this.url}${path}`, { method, headers, body });
  }

  get(path: string): Promise<ApiAnswer> {
    return this.call('GET', path);
  }

  post(path: string, body: unknown): Promise<ApiAnswer> {
    return this.call('POST', path, body);
  }
}
