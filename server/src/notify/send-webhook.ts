import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { second } from '@postern/shared/time';
import { isPublicAddress } from './addresses.ts';
import { hostOf, isNamedHost } from './webhook-address.ts';

/** What came of an attempt. Nothing that the other side wrote is in it but status and Retry-After, unless its body was asked for. */
export type Attempt = { status: number; retryAfter: string | undefined; body?: string } | { error: string };

interface Sending {
  url: URL;
  headers: Record<string, string>;
  body: string;
  webhookHosts: readonly string[];
  /** Reads the body of an answer that refuses (400), up to so many bytes; without it no body is read. */
  mostRead?: number;
}

export interface Transport {
  lookup?: LookupFunction;
  timeoutMs?: number;
}

const defaultTimeoutMs = 15 * second;

/**
 * Posts a body once: no redirect is followed, no answer read, no connection kept. Unless the operator named the host, the
 * addresses that its name stands for are looked at when the connection is made, twice over, so that a name which
 * answers differently the second time (DNS rebinding) gets nowhere.
 */
export function sendWebhook(
  sending: Sending,
  { lookup, timeoutMs = defaultTimeoutMs }: Transport = {},
): Promise<Attempt> {
  const { url, headers, body } = sending;
  const isNamed = isNamedHost(url, sending.webhookHosts);
  const secure = url.protocol === 'https:';
  if (!secure && !isNamed) return Promise.resolve({ error: 'the address is not https' });
  // An address is connected to without being looked up.
  const host = hostOf(url);
  if (!isNamed && isIP(host) !== 0 && !isPublicAddress(host))
    return Promise.resolve({ error: sentence(new AddressRefused()) });
  const looking = lookup ?? systemLookup;
  const options: https.RequestOptions = {
    method: 'POST',
    headers: {
      ...headers,
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Postern',
      connection: 'close',
    },
    signal: AbortSignal.timeout(timeoutMs),
    lookup: isNamed ? looking : onlyPublic(looking),
    agent: agentFor(isNamed, secure),
  };
  return new Promise((resolve) => {
    const answered = (response: IncomingMessage) => {
      const answer = { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
      if (sending.mostRead !== undefined && answer.status === 400) {
        readStart(response, sending.mostRead, (start) => resolve({ ...answer, body: start }));
        return;
      }
      resolve(answer);
      // What else it says is of no interest, and may be without end.
      response.destroy();
    };
    try {
      const request = secure ? https.request(url, options, answered) : http.request(url, options, answered);
      request.on('error', (error) => resolve({ error: sentence(error) }));
      // An answer that turns the connection into something else (RFC 9110 section 15.2.2) is neither answer nor error.
      request.on('upgrade', ({ statusCode }, socket) => {
        resolve({ status: statusCode ?? 0, retryAfter: undefined });
        socket.destroy();
      });
      // However it ends: who waits for it holds one of the few places in which messages are sent.
      request.on('close', () => resolve({ error: 'no connection' }));
      request.end(body);
    } catch (error) {
      resolve({ error: sentence(error) });
    }
  });
}

/** The body as far as it comes within the limits; what is longer, or breaks off, ends there. */
function readStart(response: IncomingMessage, mostBytes: number, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const end = () => done(Buffer.concat(chunks, length).subarray(0, mostBytes).toString('utf8'));
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= mostBytes) response.destroy();
  });
  response.on('error', end);
  response.on('close', end);
}

function agentFor(isNamed: boolean, secure: boolean): http.Agent {
  if (!isNamed) return new RequestFilteringHttpsAgent({ keepAlive: false });
  return secure ? new https.Agent({ keepAlive: false }) : new http.Agent({ keepAlive: false });
}

class AddressRefused extends Error {}

/** Refuses a name when any of its addresses is not public: which one is taken is not for the other side to choose. */
function onlyPublic(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      const addresses: readonly Pick<LookupAddress, 'address'>[] =
        typeof found === 'string' ? [{ address: found }] : (found ?? []);
      if (error === null && !addresses.every(({ address }) => isPublicAddress(address)))
        callback(new AddressRefused(), [], 0);
      else callback(error, found, family);
    });
  };
}

/** What is shown and kept: a kind of failure, never text from the other side or the inside of this network. */
function sentence(error: unknown): string {
  if (error instanceof AddressRefused || (error instanceof Error && error.message.includes('is not allowed. Because')))
    return 'the host is inside of this network';
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError'))
    return 'no answer in time';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? `no connection (${code})` : 'no connection';
}
