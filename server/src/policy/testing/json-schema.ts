import assert from 'node:assert/strict';
import type { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Part = JsonSchema | boolean;

/** The keywords of JSON Schema that the schema of policies uses; another one would be a constraint that nobody tests. */
const notes = new Set(['$schema', 'title', 'description', 'default', 'examples', 'format', 'definitions']);

/** What a document breaks of a schema, by path. A small validator: what an editor would underline. */
export function schemaFaults(document: unknown, root: JsonSchema): string[] {
  return faultsIn(document, root, root, '');
}

function faultsIn(value: unknown, schema: Part, root: JsonSchema, path: string): string[] {
  if (typeof schema === 'boolean') return schema ? [] : [path];
  return Object.entries(schema).flatMap(([keyword, rule]): string[] => {
    if (notes.has(keyword)) return [];
    const check = keywords[keyword];
    assert.ok(check, `the keyword ${keyword} is not known here`);
    return check(value, rule, { schema, root, path });
  });
}

interface Place {
  schema: JsonSchema;
  root: JsonSchema;
  path: string;
}
type Keyword = (value: unknown, rule: unknown, place: Place) => string[];

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const wrongIf = (isWrong: boolean, { path }: Place) => (isWrong ? [path] : []);
const lengthOf = (value: unknown) => (typeof value === 'string' ? Array.from(value).length : undefined);

const keywords: Readonly<Record<string, Keyword>> = {
  $ref: (value, rule, { root, path }) => {
    const name = String(rule).replace('#/definitions/', '');
    const schema = (root.definitions as Record<string, Part> | undefined)?.[name];
    assert.ok(schema !== undefined, `there is no ${name}`);
    return faultsIn(value, schema, root, path);
  },
  type: (value, rule, place) => {
    const kinds: Record<string, boolean> = {
      object: isMap(value),
      array: Array.isArray(value),
      string: typeof value === 'string',
      boolean: typeof value === 'boolean',
      number: typeof value === 'number',
      integer: Number.isInteger(value),
    };
    return wrongIf(kinds[String(rule)] !== true, place);
  },
  const: (value, rule, place) => wrongIf(value !== rule, place),
  enum: (value, rule, place) => wrongIf(!(rule as unknown[]).includes(value), place),
  pattern: (value, rule, place) =>
    wrongIf(typeof value === 'string' && !new RegExp(String(rule), 'u').test(value), place),
  minLength: (value, rule, place) => wrongIf((lengthOf(value) ?? Infinity) < Number(rule), place),
  maxLength: (value, rule, place) => wrongIf((lengthOf(value) ?? 0) > Number(rule), place),
  minimum: (value, rule, place) => wrongIf(typeof value === 'number' && value < Number(rule), place),
  maximum: (value, rule, place) => wrongIf(typeof value === 'number' && value > Number(rule), place),
  minItems: (value, rule, place) => wrongIf(Array.isArray(value) && value.length < Number(rule), place),
  maxItems: (value, rule, place) => wrongIf(Array.isArray(value) && value.length > Number(rule), place),
  items: (value, rule, { root, path }) =>
    Array.isArray(value) ? value.flatMap((each, index) => faultsIn(each, rule as Part, root, `${path}/${index}`)) : [],
  required: (value, rule, { path }) =>
    isMap(value)
      ? (rule as string[]).filter((name) => !Object.hasOwn(value, name)).map((name) => `${path}/${name}`)
      : [],
  properties: (value, rule, { root, path }) =>
    isMap(value)
      ? Object.entries(rule as Record<string, Part>).flatMap(([name, schema]) =>
          Object.hasOwn(value, name) ? faultsIn(value[name], schema, root, `${path}/${name}`) : [],
        )
      : [],
  additionalProperties: (value, rule, { schema, path }) => {
    assert.equal(rule, false);
    const known = Object.keys(schema.properties ?? {});
    return isMap(value)
      ? Object.keys(value)
          .filter((name) => !known.includes(name))
          .map((name) => `${path}/${name}`)
      : [];
  },
  anyOf: (value, rule, { root, path }) => {
    const each = (rule as Part[]).map((part) => faultsIn(value, part, root, path));
    return each.some((faults) => faults.length === 0) ? [] : each.flat();
  },
  oneOf: (value, rule, place) => {
    const fitting = (rule as Part[]).filter((part) => faultsIn(value, part, place.root, place.path).length === 0);
    return wrongIf(fitting.length !== 1, place);
  },
  not: (value, rule, place) => wrongIf(faultsIn(value, rule as Part, place.root, place.path).length === 0, place),
};
