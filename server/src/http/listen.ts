import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { toErrorAnswer } from '@postern/shared/protocol/error-answer';
import { Fault } from '@postern/shared/protocol/errors';
import { second } from '@postern/shared/time';
import type { Handler } from './adapter.ts';
import type { PeerCheck } from './remote-address.ts';

export interface ListenOptions {
  host: string;
  port: number;
  /** PEM texts. */
  tls: { cert: string; key: string } | null;
  /** Who may send requests. Others are refused before anything that they sent is looked at. */
  mayConnect?: PeerCheck;
  timeouts?: { headersMs: number; requestMs: number };
}

export interface Listener {
  /** The port in fact: another than asked for when that was 0. */
  port: number;
  /** Until then, requests are answered 503. */
  serve(handler: Handler): void;
  /** Stops accepting, lets running requests finish for as long as `graceMs`, then cuts them off. */
  close(graceMs: number): Promise<void>;
}

// A whole request of 64 KiB arrives well within this, also over a bad line; who takes longer holds a socket for nothing.
const defaultTimeouts = { headersMs: 10 * second, requestMs: 20 * second };

/** Opens the port. Limits: 16 KiB of headers, 10 s for them, 20 s for a request. Rejects with Node's error (EADDRINUSE). */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { headersMs, requestMs } = options.timeouts ?? defaultTimeouts;
  /**
   * The last answer of each connection, written or not. By connection, because these stay: a Set that answers came into and went
   * out of again made each of them survive until the whole heap was looked through. V8 makes a new table of such a Set now and
   * then; the old one points to the new one, and so, once it is old, keeps alive all that ever was in those after it. That
   * was 6 kB a request, a fifth of its time in the collector, and a nursery that no cache held.
   */
  const answers = new Map<Duplex, ServerResponse>();
  let handler: Handler = (_request, response) =>
    refuseBare(response, new Fault('unavailable', { headers: { 'Retry-After': '1' } }));

  const limits = {
    maxHeaderSize: 16_384,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: 65 * second,
    connectionsCheckingInterval: Math.min(second, headersMs / 4),
  };
  let closing = false;
  // An answer that leaves its connection open would keep a closing server waiting for a caller who asks no more.
  const endsConnection = (response: ServerResponse) => {
    if (!response.headersSent) response.shouldKeepAlive = false;
    response.once('finish', () => setImmediate(() => server.closeIdleConnections()));
  };
  const mayConnect = options.mayConnect ?? (() => true);
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    if (!mayConnect(request.socket.remoteAddress)) {
      refuseBare(response, new Fault('proxy_required', { headers: { Connection: 'close' } }));
      return;
    }
    const { socket } = request;
    if (!answers.has(socket)) socket.once('close', () => answers.delete(socket));
    answers.set(socket, response);
    if (closing) endsConnection(response);
    handler(request, response);
  };
  const server: Server =
    options.tls === null
      ? createServer(limits, onRequest)
      : createTlsServer({ ...limits, ...options.tls, minVersion: 'TLSv1.2' }, onRequest);

  // The sockets beneath TLS, if there is any: a handshake that never ends must not keep a closing server either.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const running = () => [...answers.values()].filter(({ closed }) => !closed);
  const isAnswering = ({ remoteAddress, remotePort }: Socket) =>
    running().some(({ socket }) => socket?.remotePort === remotePort && socket?.remoteAddress === remoteAddress);

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const begun = answers.get(socket);
    const free = begun === undefined || begun.writableEnded || !begun.headersSent;
    if (error.code === 'ECONNRESET' || !socket.writable || !free) {
      socket.destroy();
      return;
    }
    socket.end(bareAnswer(faultOf(error.code)), () => socket.destroy());
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;

  return {
    port,
    serve: (next) => {
      handler = next;
    },
    close: (graceMs) =>
      new Promise((resolve) => {
        closing = true;
        for (const response of running()) endsConnection(response);
        const cutOff = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, graceMs);
        server.close(() => {
          clearTimeout(cutOff);
          resolve();
        });
        // Callers that keep a connection open without asking for anything, or never asked at all.
        for (const socket of sockets) if (!isAnswering(socket)) socket.destroy();
      }),
  };
}

function faultOf(code: string | undefined): Fault {
  if (code === 'HPE_HEADER_OVERFLOW') return new Fault('headers_too_large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Fault('request_timeout');
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new Fault('body_too_large');
  const message = 'is not HTTP/1.1. A header with a line break in it, or TLS where none is spoken, looks so';
  return new Fault('malformed_request', { details: [{ path: 'request', message }] });
}

function refuseBare(response: ServerResponse, fault: Fault): void {
  response.writeHead(fault.status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    ...fault.headers,
  });
  response.end(JSON.stringify(toErrorAnswer(fault)));
}

/** An answer where Node could make no request of what came in, and so has no response either. */
function bareAnswer(fault: Fault): string {
  const body = JSON.stringify(toErrorAnswer(fault));
  return [
    `HTTP/1.1 ${fault.status} Refused`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
