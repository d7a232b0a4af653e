import canonicalize from 'canonicalize';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * The one text of a JSON value (RFC 8785): members sorted, no white space, numbers as ECMAScript
 * prints them. Whatever is hashed or compared goes through here, so that both sides hash the same bytes.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}
