/** Where the cursor stands in a YAML document: below which keys, and whether a key or a value goes there. */
export interface YamlPlace {
  /** Keys from the outside in; `null` is a member of a list. */
  path: readonly (string | null)[];
  kind: 'key' | 'value';
  /** What was typed of it so far. */
  typed: string;
  /** Keys that stand beside it already. */
  taken: readonly string[];
}

const keyLine = /^(\s*)((?:- +)*)(?:([A-Za-z_][\w-]*)\s*:(?:\s+(.*)|$))?/;

interface Line {
  /** Column of the key; of `- id: x` that of `id`. */
  indent: number;
  /** Column of the outermost dash, when the line begins a member. */
  dash: number | undefined;
  key: string | undefined;
  rest: string;
}

function read(line: string): Line {
  const [, space = '', dashes = '', key, rest = ''] = keyLine.exec(line) ?? [];
  return {
    indent: space.length + dashes.length,
    dash: dashes === '' ? undefined : space.length,
    key,
    rest: key === undefined ? line.slice(space.length + dashes.length) : rest,
  };
}

/**
 * Tells it by indentation, as people do: a document that is being written is seldom whole.
 *
 * @param before the text up to the cursor
 * @param after the lines below, for keys that stand beside it already
 */
export function yamlPlaceAt(before: string, after = ''): YamlPlace | undefined {
  const lines = before.split('\n');
  const current = lines.pop() ?? '';
  if (/^\s*#/.test(current) || / #/.test(current)) return undefined;
  const line = read(current);
  const above = lines.filter((each) => each.trim() !== '' && !each.trimStart().startsWith('#')).map(read);
  if (line.key !== undefined) {
    const outer = outerOf(above, line);
    return insideFlow([...outer, line.key], line.rest);
  }
  const flow = /^[[{]/.test(line.rest) ? insideFlow(outerOf(above, line), line.rest) : undefined;
  if (flow !== undefined) return flow;
  if (!/^[\w-]*$/.test(line.rest)) return undefined;
  const path = outerOf(above, line);
  return { path, kind: 'key', typed: line.rest, taken: takenBeside(above, line, after.split('\n').map(read)) };
}

/** The keys around a line: each line above that stands further out than all below it. */
function outerOf(above: readonly Line[], { indent, dash }: Line): (string | null)[] {
  const path: (string | null)[] = [];
  let limit = indent;
  let isMember = dash !== undefined;
  if (isMember) limit = dash ?? limit;
  if (isMember) path.unshift(null);
  for (const line of above.toReversed()) {
    // A list may stand at the column of the key that it belongs to.
    const isOwner = line.key !== undefined && (line.indent < limit || (isMember && line.indent === limit));
    if (isOwner && !(isMember && line.dash === limit)) {
      path.unshift(line.key ?? null);
      limit = line.indent;
      isMember = false;
    }
    if (line.dash !== undefined && line.dash < limit && limit <= line.indent) {
      path.unshift(null);
      limit = line.dash;
      isMember = true;
    }
  }
  return path;
}

function takenBeside(above: readonly Line[], { indent, dash }: Line, below: readonly Line[]): string[] {
  const taken: string[] = [];
  if (dash === undefined) {
    for (const line of above.toReversed()) {
      if (line.key !== undefined && line.indent === indent) taken.push(line.key);
      if (line.indent < indent || (line.dash !== undefined && line.indent <= indent)) break;
    }
  }
  for (const line of below) {
    if (line.key === undefined && line.rest.trim() === '') continue;
    if (line.dash !== undefined && line.dash < indent) break;
    if (line.indent < indent) break;
    if (line.key !== undefined && line.indent === indent && line.dash === undefined) taken.push(line.key);
  }
  return taken;
}

/** What stands behind a key: a value, or a list or map in brackets that was begun. */
function insideFlow(path: readonly (string | null)[], rest: string): YamlPlace | undefined {
  const keys = [...path];
  const open: { isMap: boolean; depth: number; taken: string[] }[] = [];
  let typed = '';
  let isValue = true;
  for (const character of rest) {
    const around = open.at(-1);
    if (character === '"' || character === "'") return undefined;
    if (character === '{' || character === '[') {
      const isMap = character === '{';
      open.push({ isMap, depth: keys.length, taken: [] });
      if (!isMap) keys.push(null);
      [typed, isValue] = ['', !isMap];
    } else if (character === '}' || character === ']') {
      const closed = open.pop();
      if (closed !== undefined) keys.length = closed.depth;
      [typed, isValue] = ['', true];
    } else if (character === ',' && around !== undefined) {
      if (around.isMap) keys.length = around.depth;
      [typed, isValue] = ['', !around.isMap];
    } else if (character === ':' && around?.isMap === true && !isValue) {
      keys.push(typed.trim());
      around.taken.push(typed.trim());
      [typed, isValue] = ['', true];
    } else typed += character;
  }
  const word = typed.trimStart();
  if (!/^[\w./@-]*$/.test(word)) return undefined;
  return { path: keys, kind: isValue ? 'value' : 'key', typed: word, taken: open.at(-1)?.taken ?? [] };
}
