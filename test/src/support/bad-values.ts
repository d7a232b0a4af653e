import fc from 'fast-check';
import type { Schema } from './openapi.ts';

/** A value that a schema refuses, and what is wrong with it. */
export interface BadValue {
  what: string;
  value: unknown;
}

/** Finds a value that fits, for a member of that name. Names decide where a schema does not say enough. */
export type Known = (name: string, schema: Schema) => unknown;

/** Says of a member that it is left out of what fits. */
export const omitted = Symbol('omitted');

const sql = "'; DROP TABLE users; --";
const html = '<script>alert(1)</script>';
const controls = 'bell \u0007 and \u202e backwards';

export function fitting(schema: Schema, known: Known, name = ''): unknown {
  const value = known(name, schema);
  if (value !== undefined) return value;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return fitting(first, known, name);
  switch (typeOf(schema)) {
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, fitting(inner, known, key)]);
      return Object.fromEntries(members.filter(([, inner]) => inner !== omitted));
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 1 }, () => fitting(schema.items ?? {}, known, name));
    case 'string':
      return schema.example ?? 'a plain text that fits'.padEnd(schema.minLength ?? 0, '.').slice(0, schema.maxLength);
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    default:
      return null;
  }
}

/** Every way to be wrong that the schema itself names, one at a time, with all the rest as it should be. */
export function badValues(schema: Schema, fit: unknown, path = 'body'): BadValue[] {
  const bad = (what: string, value: unknown): BadValue => ({ what: `${path} ${what}`, value });
  const wrongType = wrongTypes(schema).map((value) => bad(`is ${describe(value)}`, value));
  switch (typeOf(schema)) {
    case 'object': {
      const members = fit as Record<string, unknown>;
      const without = (name: string) => Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));
      return [
        ...wrongType,
        ...(schema.required ?? []).map((name) => bad(`lacks ${name}`, without(name))),
        ...(schema.additionalProperties === false ? [bad('has a member too many', { ...members, surprise: 1 })] : []),
        ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
          badValues(inner, members[name], `${path}.${name}`).map(({ what, value }) => ({
            what,
            value: { ...members, [name]: value },
          })),
        ),
      ];
    }
    case 'array': {
      const items = fit as unknown[];
      const first = items[0];
      return [
        ...wrongType,
        ...((schema.minItems ?? 0) > 0 ? [bad('is empty', [])] : []),
        ...(schema.maxItems === undefined ? [] : [bad('is too long', Array(schema.maxItems + 1).fill(first))]),
        ...badValues(schema.items ?? {}, first, `${path}.0`).map(({ what, value }) => ({ what, value: [value] })),
      ];
    }
    case 'string':
      return [...wrongType, ...badTexts(schema).map((value) => bad(`is ${describe(value)}`, value))];
    case 'integer':
    case 'number': {
      const beyond = [
        ...(schema.maximum === undefined ? [] : [schema.maximum + 1, 1e308]),
        ...(schema.minimum === undefined ? [] : [schema.minimum - 1, -1e308]),
      ];
      return [...wrongType, ...[0.5, ...beyond].map((value) => bad(`is ${value}`, value))];
    }
    default:
      return wrongType;
  }
}

/** Texts that no schema of that kind lets in. */
export function badTexts(schema: Schema): string[] {
  const isBound = schema.pattern !== undefined || schema.enum !== undefined || schema.format !== undefined;
  const length = schema.maxLength;
  return [
    'nul \0 inside',
    controls,
    ...(isBound ? [sql, html, 'x'.repeat(10_000)] : []),
    ...(length === undefined ? [] : ['x'.repeat(length + 1), 'x'.repeat(Math.max(10_000, length + 1))]),
    ...((schema.minLength ?? 0) > 1 ? ['x'] : []),
  ];
}

/** Texts that are ugly and may be allowed: whoever takes them must carry them unharmed. */
export const uglyTexts = [
  sql,
  html,
  '${7*7}{{7*7}}',
  '=cmd|calc',
  '../../etc/passwd',
  '%s%n',
  'Zoë 🚪 עברית',
  '\\',
  '"',
];

function wrongTypes(schema: Schema): unknown[] {
  const types = schema.anyOf?.map(typeOf) ?? schema.oneOf?.map(typeOf) ?? [typeOf(schema)];
  const samples: [type: string, value: unknown][] = [
    ['null', null],
    ['boolean', true],
    ['number', 7],
    ['string', 'text'],
    ['array', [['nested']]],
    ['object', { constructor: 'x' }],
  ];
  return samples
    .filter(([type]) => !types.some((each) => each === 'any' || kin(each) === type))
    .map(([, value]) => value);
}

function kin(type: string): string {
  return type === 'integer' ? 'number' : type;
}

/** `any` where the schema does not say. */
function typeOf(schema: Schema): string {
  if (typeof schema.type === 'string') return schema.type;
  if (schema.properties !== undefined) return 'object';
  return schema.enum !== undefined || schema.const !== undefined ? typeof (schema.enum?.[0] ?? schema.const) : 'any';
}

function describe(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 40)}… (${text.length} characters)` : text;
}

/** JSON that nearly fits: mostly right, and somewhere not. */
export function nearlyFitting(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const strange = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...uglyTexts, controls, '', null, -0, 2 ** 53, 1e308, [], {}),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  return fc.oneof({ weight: 12, arbitrary: fittingArbitrary(schema, known, name) }, { weight: 1, arbitrary: strange });
}

function fittingArbitrary(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  const value = known(name, schema);
  if (typeof value === 'string') return fc.constant(value);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (typeOf(schema)) {
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).map(
        ([key, inner]) => [key, nearlyFitting(inner, known, key)] as const,
      );
      return fc.record(Object.fromEntries(members), { requiredKeys: schema.required ?? [] });
    }
    case 'array':
      return fc.array(nearlyFitting(schema.items ?? {}, known, name), { maxLength: 3 });
    case 'string':
      return schema.pattern === undefined
        ? fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 40, 60) + 1 })
        : fc.stringMatching(new RegExp(schema.pattern, 'u'), { size: 'small' });
    case 'integer':
      return fc.integer({ min: (schema.minimum ?? 0) - 1, max: Math.min(schema.maximum ?? 1000, 2 ** 31 - 2) + 1 });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constant(fitting(schema, known, name));
  }
}
