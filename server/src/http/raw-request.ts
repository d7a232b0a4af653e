import type { IncomingMessage } from 'node:http';
import { Fault } from '@postern/shared/protocol/errors';

/**
 * Headers that may come once. Node keeps the first of some and joins others with a comma; a proxy in front may
 * keep the last. What two programs read differently is refused.
 */
const onlyOnce = new Set([
  'authorization',
  'dpop',
  'content-type',
  'content-length',
  'content-encoding',
  'host',
  'origin',
  'cookie',
  'sec-fetch-site',
  'oauth-client-attestation',
  'oauth-client-attestation-pop',
]);

/** @throws Fault `duplicate_parameter` */
export function refuseDuplicateHeaders(request: IncomingMessage): void {
  const seen = new Set<string>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    if (!onlyOnce.has(name)) continue;
    if (seen.has(name))
      throw new Fault('duplicate_parameter', { details: [{ path: `header.${name}`, message: 'was given twice' }] });
    seen.add(name);
  }
}

export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
}

// Characters of RFC 3986 pchar, without `;`, which some servers take for the end of a segment.
const plainPath = /^(?:\/(?:[\w.~!$&'()*+,=:@-]|%[0-9a-f]{2})*)+$/i;
// An encoded slash, backslash, dot, NUL or percent sign; a dot segment; an empty segment.
const confusing = /%(?:2f|5c|2e|00|25)|\/\.{1,2}(?:\/|$)|\/\//i;

/**
 * The path as it was sent, when there is one way to read it. Proxies and servers normalise differently, and what
 * one of them guards another may open.
 *
 * @throws Fault `malformed_request`
 */
export function pathOf(request: IncomingMessage): { path: string; query: string } {
  const [path = '', ...rest] = (request.url ?? '').split('?');
  if (!plainPath.test(path) || confusing.test(path) || !isUtf8(path)) {
    throw new Fault('malformed_request', {
      details: [
        { path: 'url', message: 'must be a plain path in UTF-8, without encoded slashes, dot segments or semicolons' },
      ],
    });
  }
  return { path, query: rest.join('?') };
}

function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
