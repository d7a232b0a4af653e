import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { Fault } from '@postern/shared/protocol/errors';
import { parseParameters } from './parameters.ts';
import { parseStrictJson } from './strict-json.ts';

/** The caller went away in the middle of the body. There is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

export type BodyKind = 'json' | 'form' | 'jws';

const mediaTypes: Record<BodyKind, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  jws: 'application/jwt',
};

/** The media type that a body of that kind must be sent as. */
export function mediaTypeOf(rule: { type: BodyKind; mediaType?: string }): string {
  return rule.mediaType ?? mediaTypes[rule.type];
}

export const defaultMaxBytes = 65_536;
/** How much of a refused body is read and thrown away, so that the caller can still read the refusal. */
const discardBytes = 1_048_576;

/**
 * Reads a body of at most `maxBytes`. Refuses a compressed one (`unsupported_content_type`): what it unpacks
 * to has no bound. Refuses a larger one (`body_too_large`) without keeping it.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    discard(request);
    throw new Fault('unsupported_content_type', {
      details: [{ path: 'header.content-encoding', message: 'must be absent: compressed bodies are not read' }],
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    discard(request);
    throw new Fault('body_too_large');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        chunks.length = 0;
        if (length > maxBytes + discardBytes) request.destroy();
        reject(new Fault('body_too_large'));
      } else {
        chunks.push(chunk);
      }
    });
    const gone = () => reject(new ClientGone());
    request.on('end', () => {
      // Every request is closed after its end; an error that nobody waits for costs 20 µs for its stack.
      request.off('close', gone);
      resolve(Buffer.concat(chunks, length));
    });
    request.on('error', gone);
    request.on('close', gone);
  });
}

/**
 * Turns the bytes into what the route's schema is to look at. An empty body of JSON is `{}`, so that an endpoint whose
 * members are all optional can be called without one.
 *
 * @throws Fault `unsupported_content_type`, `malformed_request`, `duplicate_parameter`
 */
export function decodeBody(
  bytes: Buffer,
  contentType: string | undefined,
  rule: { type: BodyKind; mediaType?: string },
): unknown {
  if (bytes.length > 0 || contentType !== undefined) checkMediaType(contentType, mediaTypeOf(rule));
  const text = decodeUtf8(bytes);
  switch (rule.type) {
    case 'json':
      return text === '' ? {} : parseStrictJson(text);
    case 'form':
      return parseParameters(text, 'body');
    case 'jws':
      return text;
  }
}

function checkMediaType(contentType: string | undefined, expected: string): void {
  if (contentType === expected || (contentType !== undefined && isInUtf8(contentType, expected))) return;
  throw new Fault('unsupported_content_type', {
    details: [{ path: 'header.content-type', message: `must be ${expected}` }],
  });
}

function isInUtf8(contentType: string, expected: string): boolean {
  let type: MIMEType;
  try {
    type = new MIMEType(contentType);
  } catch {
    return false;
  }
  const charset = type.params.get('charset');
  return type.essence === expected && (charset === null || charset.toLowerCase() === 'utf-8');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Fault('malformed_request', { details: [{ path: 'body', message: 'must be UTF-8' }] });
  }
}

function discard(request: IncomingMessage): void {
  let seen = 0;
  request.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen > discardBytes) request.destroy();
  });
  // A caller that gives up now gives up what was refused anyway.
  request.on('error', () => undefined);
}
