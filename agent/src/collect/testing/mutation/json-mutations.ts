import { oneOf, type Bite, type TextMutation } from './mutation.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

function parse(text: string): Json | undefined {
  try {
    const json: Json = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

function pathsIn(json: Json, path: Path = []): Path[] {
  if (typeof json !== 'object' || json === null) return [path];
  const below = Array.isArray(json) ? json.map((item, at) => [at, item] as const) : Object.entries(json);
  return [path, ...below.flatMap(([key, item]) => pathsIn(item, [...path, key]))];
}

function replaceAt(json: Json, path: Path, by: (found: Json) => Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return by(json);
  if (Array.isArray(json)) return json.map((item, at) => (at === key ? replaceAt(item, rest, by) : item));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, item]) => [name, name === key ? replaceAt(item, rest, by) : item]),
  );
}

/** Of another type than the value has. */
function otherTypes(value: Json): Json[] {
  const all: Json[] = [
    'enabled',
    '',
    '\ud800',
    'x'.repeat(100_000),
    -1,
    0.5,
    1e300,
    [],
    {},
    [[]],
    { value: value },
    true,
    false,
    '__proto__',
  ];
  return all.filter((other) => typeof other !== typeof value || Array.isArray(other) !== Array.isArray(value));
}

function change(
  text: string,
  { where, how }: Bite,
  by: (found: Json, how: number) => Json | undefined,
): string | undefined {
  const json = parse(text);
  if (json === undefined) return undefined;
  const path = oneOf(pathsIn(json), where);
  if (path === undefined) return undefined;
  let isChanged = false;
  const changed = replaceAt(json, path, (found) => {
    const other = by(found, how);
    isChanged = other !== undefined;
    return other ?? found;
  });
  return isChanged ? JSON.stringify(changed) : undefined;
}

const moreKeys: readonly Record<string, Json>[] = [{ extra: 1 }, { constructor: [] }, { '': null }, { enabled: true }];

/** What becomes of an answer that is JSON, and stays JSON. */
export const jsonMutations: readonly TextMutation[] = [
  {
    name: 'JSON: another type',
    breaks: 'form',
    // What was null has no type, and any other value is another machine's.
    apply: (text, bite) =>
      change(text, bite, (found, how) => (found === null ? undefined : oneOf(otherTypes(found), how))),
  },
  { name: 'JSON: null', breaks: 'form', apply: (text, bite) => change(text, bite, () => null) },
  {
    name: 'JSON: more keys',
    breaks: 'form',
    apply: (text, bite) =>
      change(text, bite, (found, how) =>
        typeof found !== 'object' || found === null || Array.isArray(found)
          ? undefined
          : { ...found, ...oneOf(moreKeys, how) },
      ),
  },
  {
    name: 'JSON: a list in a list',
    breaks: 'form',
    apply: (text, bite) => change(text, bite, (found) => [found]),
  },
  {
    name: 'JSON: a list that lost its only item’s brackets',
    breaks: 'form',
    apply: (text, bite) =>
      change(text, bite, (found) => (Array.isArray(found) && found.length === 1 ? found[0] : undefined)),
  },
  {
    name: 'JSON: a key missing',
    breaks: 'form',
    apply: (text, bite) =>
      change(text, bite, (found, how) => {
        if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
        const gone = oneOf(Object.keys(found), how);
        return gone === undefined
          ? undefined
          : Object.fromEntries(Object.entries(found).filter(([key]) => key !== gone));
      }),
  },
  {
    name: 'JSON: an item missing',
    breaks: 'meaning',
    apply: (text, bite) =>
      change(text, bite, (found, how) =>
        Array.isArray(found) && found.length > 0 ? found.toSpliced(how % found.length, 1) : undefined,
      ),
  },
];
