type Members = Readonly<Record<string, unknown>>;

/** A compact JWS that was taken apart and not yet believed. */
export interface CompactJws {
  text: string;
  header: Members;
  payload: Members;
}

// The signature may be empty, as `alg: none` has it (RFC 7518 section 3.6): then it is the algorithm that is refused.
/**
 * Takes a compact JWS (RFC 7515 section 7.1) apart, more strictly than jose does. There must be exactly one way to write it:
 * base64url with stray bits in its last character is refused, because a document is known by the hash of its text.
 *
 * @param maxLength in characters
 * @param headerOf for who remembers headers
 * @returns undefined when it is longer, or not three base64url parts of which the first two are JSON objects, without a member
 *   that comes twice, without `__proto__`, without text that cannot be stored, and not nested without end; also when its header
 *   asks for an extension (`crit`, `b64`): none is understood, and then it must be refused (RFC 7515 section 4.1.11)
 */
export function openCompactJws(text: string, maxLength: number, headerOf = readHeader): CompactJws | undefined {
  if (text.length > maxLength) return undefined;
  const [protectedHeader, claims, signature, ...more] = text.split('.', 4);
  if (!protectedHeader || !claims || signature === undefined || more.length > 0) return undefined;
  const header = headerOf(protectedHeader);
  const payload = memberOf(claims);
  if (header === undefined || payload === undefined || bytesOf(signature) === undefined) return undefined;
  return { text, header, payload };
}

/** The protected header as its part of a compact JWS says it; undefined where the JWS must be refused for it. */
export function readHeader(part: string): Members | undefined {
  const header = memberOf(part);
  return header === undefined || Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64') ? undefined : header;
}

function memberOf(part: string): Members | undefined {
  const bytes = bytesOf(part);
  return bytes === undefined ? undefined : objectOf(bytes);
}

/** Undefined for anything but the one way to write these bytes: decoding alone forgives almost anything. */
function bytesOf(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

// A byte order mark is kept, and then it is no JSON.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function objectOf(bytes: Buffer): Members | undefined {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = suspicious.test(text) ? JSON.parse(text, refuseHostile) : JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const members = membersOf(value);
    if (members === undefined) return undefined;
    // What comes out again as it went in lost no member. Agents write so, and it is five times as fast as counting names.
    return JSON.stringify(value) === text || members === namesIn(text) ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

/** What may stand for text that no database keeps as it is (NUL, half a surrogate pair), or for a member `__proto__`. */
const suspicious = /\\u(?:00[0567]|[dD][89a-fA-F])|__proto__/;

function refuseHostile(name: string, value: unknown): unknown {
  if (name === '__proto__') throw new SyntaxError('not a name');
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
