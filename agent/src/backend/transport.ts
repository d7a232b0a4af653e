import { BackendUnreachable } from './faults.ts';

export interface WireRequest {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

export interface WireAnswer {
  status: number;
  /** A header's value; undefined when there is none. */
  header: (name: string) => string | undefined;
  text: string;
}

export interface TransportOptions {
  /** From the first byte out to the last byte in. */
  deadlineMs: number;
  maxAnswerBytes: number;
  /** PEM. When given, only servers that these authorities vouch for are believed. */
  ca: string | undefined;
}

/**
 * One request, one answer; no redirects, no retries. node:https and not fetch: fetch costs a daemon 6 MB that
 * it keeps for life (research: performance, G).
 *
 * @throws BackendUnreachable
 */
export async function send(wire: WireRequest, options: TransportOptions): Promise<WireAnswer> {
  const { url, body } = wire;
  // One of them is never needed, and TLS is the larger.
  const { request: start } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new BackendUnreachable(`No answer from ${url.origin}: ${why}.`));
    const request = start(url, {
      method: wire.method,
      headers: {
        ...wire.headers,
        ...(wire.method === 'POST' ? { 'content-length': String(Buffer.byteLength(body ?? '')) } : {}),
      },
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      // NODE_TLS_REJECT_UNAUTHORIZED=0, set for something else, must not open this.
      rejectUnauthorized: true,
    });
    const deadline = setTimeout(() => {
      fail(`it took longer than ${options.deadlineMs / 1000} seconds`);
      request.destroy();
    }, options.deadlineMs);
    request.on('close', () => clearTimeout(deadline));
    request.on('error', (error) => fail(reasonOf(error)));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= options.maxAnswerBytes) {
          chunks.push(chunk);
          return;
        }
        fail(`its answer is larger than ${options.maxAnswerBytes} bytes`);
        request.destroy();
      });
      response.on('error', (error) => fail(reasonOf(error)));
      response.on('end', () => {
        if (!response.complete) return fail('the connection broke in the middle of the answer');
        resolve({
          status: response.statusCode ?? 0,
          header: (name) => {
            const value = response.headers[name.toLowerCase()];
            return Array.isArray(value) ? value[0] : value;
          },
          text: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    request.end(body);
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was broken off',
  ENOTFOUND: 'that name is not known',
  EAI_AGAIN: 'names cannot be looked up now',
  EHOSTUNREACH: 'that machine cannot be reached',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'the connection timed out',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself; name its authority with POSTERN_AGENT_CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is from an authority not known here; name it with POSTERN_AGENT_CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is from an authority not known here; name it with POSTERN_AGENT_CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is from an authority not known here; name it with POSTERN_AGENT_CA',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return reasons[code] ?? code;
}
