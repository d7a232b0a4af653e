/** A compact JWS that was taken apart and not yet believed. */
export interface CompactJws {
  text: string;
  header: Readonly<Record<string, unknown>>;
  payload: Readonly<Record<string, unknown>>;
}

const threeParts = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const maxDepth = 16;

/**
 * Takes a compact JWS (RFC 7515 section 7.1) apart more strictly than jose does: one way to write it, no member twice, no
 * `__proto__`, no extension (`crit`, `b64`), nothing nested without end. Undefined for anything else.
 *
 * @param maxLength in characters
 */
export function openCompactJws(text: string, maxLength: number): CompactJws | undefined {
  if (text.length > maxLength || !threeParts.test(text)) return undefined;
  const parts = text.split('.').map(bytesOf);
  const [header, payload] = [objectOf(parts[0]), objectOf(parts[1])];
  if (header === undefined || payload === undefined || parts[2] === undefined) return undefined;
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) return undefined;
  return { text, header, payload };
}

/** Undefined where stray bits in the last character make it a second way to write the same bytes. */
function bytesOf(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function objectOf(bytes: Buffer | undefined): Record<string, unknown> | undefined {
  if (bytes === undefined) return undefined;
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return membersOf(value, 0) === namesIn(text) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** How many members there are, at all depths. */
function membersOf(value: unknown, depth: number): number {
  if (typeof value === 'string' && !isText(value)) throw new SyntaxError('not text');
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > maxDepth) throw new SyntaxError('too deep');
  let members = 0;
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__' || !isText(name)) throw new SyntaxError('not a name');
    members += (Array.isArray(value) ? 0 : 1) + membersOf(member, depth + 1);
  }
  return members;
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** How many names a text that is known to be JSON writes. More than members: one came twice, and parsers differ on which counts. */
function namesIn(json: string): number {
  let names = 0;
  for (const [, colon] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (colon !== undefined) names += 1;
  return names;
}
