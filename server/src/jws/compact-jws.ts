import { LRUCache } from 'lru-cache';

/** A compact JWS that was taken apart and not yet believed. */
export interface CompactJws {
  text: string;
  header: Readonly<Record<string, unknown>>;
  payload: Readonly<Record<string, unknown>>;
}

// The signature may be empty, as `alg: none` has it (RFC 7518 section 3.6): then it is the algorithm that is refused.
/**
 * Takes a compact JWS (RFC 7515 section 7.1) apart. There must be exactly one way to write it: base64url
 * with stray bits in its last character is refused, because a document is known by the hash of its text.
 *
 * @param maxLength in characters
 * @returns undefined when it is longer, or not three base64url parts of which the first two are JSON objects, without
 *   a member that comes twice, without text that cannot be stored, and not nested without end; also when its header asks
 *   for an extension (`crit`, `b64`): none is understood, and then it must be refused (RFC 7515 section 4.1.11)
 */
export function openJws(text: string, maxLength: number): CompactJws | undefined {
  if (text.length > maxLength) return undefined;
  const [protectedHeader, claims, signature, ...more] = text.split('.', 4);
  if (!protectedHeader || !claims || signature === undefined || more.length > 0) return undefined;
  const header = headerOf(protectedHeader);
  const payload = memberOf(claims);
  if (header === undefined || payload === undefined || bytesOf(signature) === undefined) return undefined;
  return { text, header, payload };
}

/** Longer ones are read anew each time: a device's are of 250 characters. */
const longestKept = 1024;
/** At most some 30 MB. */
const kept = new LRUCache<string, Readonly<Record<string, unknown>>>({ max: 10_000 });

/**
 * Keeps the header of a JWS whose signature was found to be good. A client says the same in the header of all that it signs,
 * and reading it anew costs a tenth of a verification. Only good ones: nobody is to fill the memory with made-up headers.
 */
export function keepHeader({ text, header }: CompactJws): void {
  const end = text.indexOf('.');
  // A copy: a part of a text keeps all of the text in memory.
  if (end <= longestKept && kept.peek(text.slice(0, end)) === undefined)
    kept.set(Buffer.from(text.slice(0, end), 'latin1').toString('latin1'), header);
}

/** What was kept is the same object each time, so that what follows from it can be kept beside it. Nobody may change it. */
function headerOf(part: string): Readonly<Record<string, unknown>> | undefined {
  const known = part.length > longestKept ? undefined : kept.get(part);
  if (known !== undefined) return known;
  const header = memberOf(part);
  return header === undefined || Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64') ? undefined : header;
}

function memberOf(part: string): Record<string, unknown> | undefined {
  const bytes = bytesOf(part);
  return bytes === undefined ? undefined : objectOf(bytes);
}

/** Undefined for anything but the one way to write these bytes: decoding alone forgives almost anything. */
function bytesOf(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function objectOf(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = suspicious.test(text) ? JSON.parse(text, refuseUnstorable) : JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const members = membersOf(value);
    if (members === undefined) return undefined;
    // What comes out again as it went in lost no member. Agents write so, and it is five times as fast as counting names.
    return JSON.stringify(value) === text || members === namesIn(text) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Escapes that may stand for what no database keeps as it is: NUL and half a surrogate pair. */
const suspicious = /\\u(?:0000|[dD][89a-fA-F])/;

function refuseUnstorable(name: string, value: unknown): unknown {
  for (const text of [name, value]) {
    if (typeof text === 'string' && (text.includes('\0') || !text.isWellFormed())) throw new SyntaxError('not text');
  }
  return value;
}

/** The protocol nests to 6. Deeper is hostile: schemas and canonical form are recursive. */
const maxDepth = 16;

/** How many members there are, at all depths; undefined when they nest too deep. */
function membersOf(document: object): number | undefined {
  let members = 0;
  let level: object[] = [document];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return undefined;
    const below: object[] = [];
    for (const each of level) {
      const values: unknown[] = Object.values(each);
      if (!Array.isArray(each)) members += values.length;
      for (const value of values) if (typeof value === 'object' && value !== null) below.push(value);
    }
    level = below;
  }
  return members;
}

/**
 * How many names are written in a text that is known to be JSON: strings before a colon. More names than members
 * means that one came twice, and parsers disagree which of the two counts.
 */
function namesIn(json: string): number {
  let names = 0;
  for (const [, colon] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (colon !== undefined) names += 1;
  return names;
}
