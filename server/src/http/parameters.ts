import { Fault } from '@postern/shared/protocol/errors';
import { isStorable } from './strict-json.ts';

const maxParameters = 100;

/**
 * Reads `a=1&b=2`, of a query or a form. A parameter that is sent without a value counts as omitted, one
 * that is sent twice is refused (RFC 6749 section 3.2).
 *
 * @throws Fault `malformed_request` or `duplicate_parameter`
 */
export function parseParameters(text: string, where: 'body' | 'query'): Record<string, string> {
  const values = Object.create(null) as Record<string, string>;
  if (text === '') return values;
  const pairs = text.split('&');
  if (pairs.length > maxParameters) throw malformed(where, `must not have more than ${maxParameters} parameters`);
  const seen = new Set<string>();
  for (const pair of pairs) {
    const [rawName = '', ...rest] = pair.split('=');
    const name = decode(rawName, where);
    const value = decode(rest.join('='), where);
    if (name === '' || name === '__proto__') throw malformed(where, 'has a parameter with a name that is not allowed');
    if (seen.has(name))
      throw new Fault('duplicate_parameter', { details: [{ path: where, message: 'has a parameter twice' }] });
    seen.add(name);
    if (value !== '') values[name] = value;
  }
  return values;
}

/** Stands for itself in every encoding. */
const plainText = /^[\w.~:/-]*$/;

function decode(text: string, where: string): string {
  if (plainText.test(text)) return text;
  let decoded: string;
  try {
    decoded = decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed(where, 'must be percent-encoded UTF-8');
  }
  if (!isStorable(decoded)) throw malformed(where, 'must be Unicode text without NUL');
  return decoded;
}

function malformed(path: string, message: string): Fault {
  return new Fault('malformed_request', { details: [{ path, message }] });
}
