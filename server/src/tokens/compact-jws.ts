import { compactVerify, type CryptoKey } from 'jose';
import { compactJwsSchema } from '@postern/shared/protocol/jwk';

/** A compact JWS as it was sent: parsed, not verified. */
export interface CompactJws {
  text: string;
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
}

/**
 * Reads a compact JWS whose payload is a JSON object, or gives undefined. There is one way to write each: no padding,
 * no white space, no stray bits at the end of a part, no member twice, no `crit` (RFC 7515 section 4.1.11: an
 * extension that is not understood must be refused, and none is).
 */
export function readCompactJws(text: string, maxLength: number): CompactJws | undefined {
  if (text.length > maxLength || !compactJwsSchema.safeParse(text).success) return undefined;
  const [first = '', second = '', signature = ''] = text.split('.');
  const header = readObject(first);
  const claims = readObject(second);
  if (header === undefined || claims === undefined || decode(signature) === undefined) return undefined;
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) return undefined;
  return { text, header, claims };
}

/** Whether the signature is by this P-256 key, and ES256. */
export async function signatureHolds(jws: CompactJws, key: CryptoKey): Promise<boolean> {
  try {
    await compactVerify(jws.text, key, { algorithms: ['ES256'] });
    return true;
  } catch {
    return false;
  }
}

function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function readObject(part: string): Record<string, unknown> | undefined {
  const bytes = decode(part);
  if (bytes === undefined) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return writtenNames(text) === keptNames(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

// Strings one after the other; those before a colon are names. Only for text that is known to be JSON.
const strings = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** Member names as written. More than were kept says that one came twice: which one counts, parsers disagree. */
function writtenNames(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(strings)) if (colon !== undefined) count += 1;
  return count;
}

function keptNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + keptNames(item), 0);
  return Object.values(value).reduce((sum: number, member) => sum + 1 + keptNames(member), 0);
}
