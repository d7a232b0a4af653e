import { openJws } from '../devices/index.ts';

/** A compact JWS as it was sent: parsed, not verified. */
export interface CompactJws {
  text: string;
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
}

/**
 * Reads a compact JWS whose payload is a JSON object, or gives undefined. On top of what devices/ asks of any: no
 * member twice, and no `crit` (RFC 7515 section 4.1.11: an extension that is not understood must be refused, and
 * none is).
 */
export function readCompactJws(text: string, maxLength: number): CompactJws | undefined {
  if (text.length > maxLength) return undefined;
  const opened = openJws(text);
  if (opened === undefined || Object.hasOwn(opened.header, 'crit') || Object.hasOwn(opened.header, 'b64'))
    return undefined;
  const [header = '', payload = ''] = text.split('.');
  if (namesTwice(header, opened.header) || namesTwice(payload, opened.payload)) return undefined;
  return { text, header: opened.header, claims: opened.payload };
}

/** More members were written than kept: one came twice, and parsers disagree which one counts. */
function namesTwice(part: string, kept: object): boolean {
  return writtenMembers(Buffer.from(part, 'base64url').toString('utf8')) !== keptMembers(kept);
}

// Strings one after the other; those before a colon are names. Only for text that is known to be JSON.
const strings = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

function writtenMembers(json: string): number {
  let count = 0;
  for (const [, colon] of json.matchAll(strings)) if (colon !== undefined) count += 1;
  return count;
}

function keptMembers(value: object): number {
  const inner = Object.values(value).filter((each) => typeof each === 'object' && each !== null);
  const below = inner.reduce((sum: number, each: object) => sum + keptMembers(each), 0);
  return below + (Array.isArray(value) ? 0 : Object.keys(value).length);
}
