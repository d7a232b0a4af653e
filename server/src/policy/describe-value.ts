import type { Json } from '@postern/shared/canonical';

const maxLength = 200;
const maxMembers = 12;
const maxDepth = 3;

const described = new WeakMap<object, string>();

/**
 * A reading's value in short, for people: `state: partial, volumes: 2`. One line of at most 200 characters. Kept beside
 * the value: a device's stored readings are described for each of its requests.
 */
export function describeValue(value: Json): string {
  if (typeof value !== 'object' || value === null) return plainLine(describe(value, 0), maxLength);
  let text = described.get(value);
  if (text === undefined) {
    text = plainLine(describe(value, 0), maxLength);
    described.set(value, text);
  }
  return text;
}

/** Text of a device as one bounded line without control, direction or invisible characters. */
export function plainLine(text: string, max: number): string {
  // Nearly all of it is plain ASCII, and this is done for every rule of every request.
  if (text.length <= max && /^[ -~]*$/.test(text)) return text;
  // No more is looked at than could be shown: what a device sends may be long.
  const clean = text
    .slice(0, 4 * max)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  const characters = Array.from(clean);
  return characters.length <= max ? clean : `${characters.slice(0, max - 1).join('')}…`;
}

function describe(value: Json, depth: number): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value.slice(0, 2 * maxLength);
  if (typeof value === 'number') return String(value);
  if (depth === maxDepth) return '…';
  const members = Array.isArray(value)
    ? firstOf(value).map((member) => describe(member, depth + 1))
    : firstOf(Object.entries(value)).map(([name, member]) => `${name.slice(0, 64)}: ${describe(member, depth + 1)}`);
  const text = members.length === 0 ? 'none' : members.join(', ');
  return depth === 0 || members.length < 2 ? text : `(${text})`;
}

function firstOf<Member>(members: readonly Member[]): readonly Member[] {
  return members.slice(0, maxMembers);
}
