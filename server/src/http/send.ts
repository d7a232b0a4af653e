import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import type { Exchange } from './exchange.ts';
import type { Reply } from './route.ts';

/** Writes an answer, with all that is said on any answer. */
export function send(request: IncomingMessage, response: ServerResponse, exchange: Exchange, reply: Reply): void {
  if (response.destroyed) return;
  const headers = { ...exchange.headers };
  if (reply.body !== undefined) headers['content-type'] = 'application/json; charset=utf-8';
  let isText = false;
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    const lower = name.toLowerCase();
    headers[lower] = value;
    isText ||= lower === 'content-type';
  }
  const { body } = reply;
  if (body instanceof Uint8Array) {
    response.writeHead(reply.status, { ...headers, 'content-length': String(body.byteLength) });
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  const text =
    reply.body === undefined ? '' : isText && typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  const hasBody = reply.status !== 204 && reply.status !== 304;
  const length = Buffer.byteLength(text);
  if (hasBody) headers['content-length'] = String(length);
  // All of them in one call: set one by one, Node checks and keeps each before it writes them.
  response.writeHead(reply.status, headers);
  // The same bytes either way; plain ASCII is written without being looked through once more.
  if (hasBody && request.method !== 'HEAD') response.end(text, length === text.length ? 'latin1' : 'utf8');
  else response.end();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** The status is sent before all of it is made: what goes wrong then breaks the connection, and is logged. */
export async function sendStream(
  log: Logger,
  response: ServerResponse,
  exchange: Exchange,
  reply: Reply,
  stream: AsyncIterable<string>,
): Promise<void> {
  response.writeHead(reply.status, { ...exchange.headers, ...reply.headers });
  try {
    const { streamBroken: signal } = reply;
    await pipeline(Readable.from(stream), response, signal === undefined ? {} : { signal });
  } catch (error) {
    // Whoever closes a page, or takes nothing more, is no fault of ours.
    const isGone = reply.streamBroken?.aborted === true || codeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE';
    log[isGone ? 'debug' : 'error']({ requestId: exchange.id, err: error }, 'answer broke off');
    response.destroy();
  }
}
