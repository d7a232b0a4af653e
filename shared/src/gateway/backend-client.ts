import type { OnProblem } from './types.ts';

/** The backend could not be asked. */
export class Unavailable extends Error {
  /** Whether it was never asked, because too many requests wait for it already. */
  readonly overloaded: boolean;

  constructor(message: string, more: { overloaded?: boolean; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.name = 'Unavailable';
    this.overloaded = more.overloaded ?? false;
  }
}

export interface BackendAnswer {
  status: number;
  headers: Headers;
  text: string;
}

export interface BackendClient {
  /**
   * Asks, and reads the whole answer.
   *
   * @param request `unlimited`: what serves all requests is not counted as one of them
   * @throws Unavailable when there is none in time, when it is too long, and for 429 and 5xx
   */
  ask(path: string, request?: RequestInit & { timeoutMs?: number; unlimited?: boolean }): Promise<BackendAnswer>;
  /** The header that names this gateway (RFC 6749 section 2.3.1). */
  readonly basic: string | undefined;
}

export interface BackendClientOptions {
  /** Where the backend is reached. */
  url: string;
  credentials: { id: string; secret: string } | undefined;
  timeoutMs: number;
  /** Requests that may wait for it at once; what is beyond is refused, so that a slow backend does not take the application along. */
  maxInFlight: number;
  fetch: typeof fetch;
  onProblem: OnProblem;
}

const maxBytes = 1_048_576;

/** The one way to the backend: bounded in time, number and size; redirects are not followed. */
export function createBackendClient(options: BackendClientOptions): BackendClient {
  let inFlight = 0;

  async function ask(path: string, { timeoutMs, ...request }: RequestInit & { timeoutMs?: number }) {
    const limit = AbortSignal.timeout(timeoutMs ?? options.timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    try {
      const answer = await options.fetch(options.url + path, { ...request, signal, redirect: 'error' });
      const text = await readBounded(answer);
      if (answer.status === 429 || answer.status >= 500) throw new Error(`status ${answer.status}`);
      return { status: answer.status, headers: answer.headers, text };
    } catch (cause) {
      const message = `Postern did not answer ${path.split('?', 1)[0]}: ${reasonOf(cause)}.`;
      throw new Unavailable(message, { cause });
    }
  }

  return {
    basic: options.credentials === undefined ? undefined : basicOf(options.credentials),
    async ask(path, { unlimited = false, ...request } = {}) {
      if (!unlimited && inFlight >= options.maxInFlight) {
        const message = `${inFlight} requests wait for Postern already.`;
        options.onProblem({ code: 'backend_overloaded', message });
        throw new Unavailable(message, { overloaded: true });
      }
      const counted = unlimited ? 0 : 1;
      inFlight += counted;
      try {
        return await ask(path, request);
      } catch (error) {
        // Whoever broke it off knows.
        if (request.signal?.aborted !== true)
          options.onProblem({ code: 'backend_unavailable', message: reasonOf(error) });
        throw error;
      } finally {
        inFlight -= counted;
      }
    },
  };
}

async function readBounded(answer: Response): Promise<string> {
  if (answer.body === null) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let text = '';
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error('the answer is too long');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function basicOf({ id, secret }: { id: string; secret: string }): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}

/** `fetch failed` says nothing; what failed is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'TypeError' && error.cause instanceof Error ? error.cause.message : error.message;
}
