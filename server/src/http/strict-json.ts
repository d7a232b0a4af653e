import { Fault } from '@postern/shared/protocol/errors';

/** Deeper than any document of the protocol. */
const maxDepth = 16;

/**
 * JSON as two programs cannot understand differently: no member twice (RFC 8259 section 4 leaves open which one counts),
 * no `__proto__`, no number that is not one, no text that is not Unicode or that a database cannot hold (NUL),
 * at most 16 levels.
 *
 * @throws Fault `malformed_request` or `duplicate_parameter`, with the place but never the value
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('body', 'must be JSON');
  }
  refuseDuplicates(text);
  refuseHostile(value, 'body');
  return value;
}

/** Walks text that is known to be JSON. */
function refuseDuplicates(text: string): void {
  const open: Set<string>[] = [];
  let position = 0;
  while (position < text.length) {
    const character = text[position];
    if (character === '{' || character === '[') {
      if (open.length === maxDepth) throw malformed('body', `must not be nested deeper than ${maxDepth} levels`);
      open.push(new Set());
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, position);
      if (isFollowedByColon(text, end)) {
        const name = JSON.parse(text.slice(position, end)) as string;
        const names = open.at(-1);
        if (names?.has(name) === true)
          throw new Fault('duplicate_parameter', { details: [{ path: 'body', message: 'has a member twice' }] });
        names?.add(name);
      }
      position = end;
      continue;
    }
    position += 1;
  }
}

/** The position behind the closing quote. */
function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
  return position + 1;
}

function isFollowedByColon(text: string, position: number): boolean {
  let next = position;
  while (text[next] === ' ' || text[next] === '\n' || text[next] === '\r' || text[next] === '\t') next += 1;
  return text[next] === ':';
}

function refuseHostile(value: unknown, path: string): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) throw malformed(path, 'must be Unicode text without NUL');
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw malformed(path, 'is a number out of range');
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseHostile(item, `${path}.${index}`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (name === '__proto__' || !isStorable(name))
        throw malformed(path, 'has a member with a name that is not allowed');
      refuseHostile(member, `${path}.${/^[\w-]{1,64}$/.test(name) ? name : '?'}`);
    }
  }
}

/** Text that every part behind this door can encode: no lone surrogates, no NUL (PostgreSQL refuses it). */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function malformed(path: string, message: string): Fault {
  return new Fault('malformed_request', { details: [{ path: path.slice(0, 200), message }] });
}
