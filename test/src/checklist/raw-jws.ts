import { KeyObject, sign } from 'node:crypto';
import type { CryptoKey } from 'jose';

/** Header and payload as texts: what no library would write, an attacker can. */
interface Parts {
  header: string;
  payload: string;
}

type Change = Partial<{ [Part in keyof Parts]: (text: string) => string }>;

/** Signs with ES256 whatever the header says: what is wrong with a document is then not its signature. */
export function signedRaw({ header, payload }: Parts, key: KeyObject): string {
  const input = [header, payload].map((text) => Buffer.from(text).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** A genuine document with its texts changed, and signed anew by the same key. */
export function resealed(genuine: string, key: KeyObject, { header = same, payload = same }: Change): string {
  const [first = '', second = ''] = genuine.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  return signedRaw({ header: header(first), payload: payload(second) }, key);
}

/** Puts a member into a text that is a JSON object, before all others or behind them. */
export function withMember(member: string, where: 'first' | 'last' = 'last'): (text: string) => string {
  return (text) => (where === 'first' ? `{${member},${text.slice(1)}` : `${text.slice(0, -1)},${member}}`);
}

/** Sets members of a text that is a JSON object; undefined takes one away. */
export function withMembers(members: Record<string, unknown>): (text: string) => string {
  return (text) => JSON.stringify({ ...(JSON.parse(text) as object), ...members });
}

export function keyObject(key: CryptoKey): KeyObject {
  return KeyObject.from(key);
}

function same(text: string): string {
  return text;
}
