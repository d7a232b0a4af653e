import { type JsonSchema, schemasAt } from './schema-at.ts';
import type { YamlPlace } from './yaml-place.ts';

/** Something that may be typed. */
export interface Offer {
  label: string;
  /** A word beside it. */
  detail: string | undefined;
  /** What it means. */
  info: string | undefined;
  /** What is typed for it. */
  insert: string;
  kind: 'key' | 'value';
  /** It has to stand there. */
  isRequired: boolean;
}

/** What may be typed at a place of a document, by its schema. What stands there already is not offered again. */
export function offersAt(root: JsonSchema, { path, kind, taken }: YamlPlace): Offer[] {
  const schemas = schemasAt(root, path);
  return kind === 'key' ? keysOf(root, schemas, taken) : valuesOf(schemas);
}

function keysOf(root: JsonSchema, schemas: readonly JsonSchema[], taken: readonly string[]): Offer[] {
  const offers = schemas.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties)
      .filter(([name]) => !taken.includes(name))
      .map(([name, schema]): Offer => ({
        label: name,
        insert: `${name}: `,
        kind: 'key',
        isRequired: required.includes(name),
        detail: startOf(schema.default),
        info: descriptionOf(root, schema),
      })),
  );
  return once(offers);
}

function descriptionOf(root: JsonSchema, schema: JsonSchema): string | undefined {
  const named = schema.$ref === undefined ? undefined : root.definitions?.[schema.$ref.replace('#/definitions/', '')];
  return schema.description ?? named?.description;
}

/** A default that is a word or a number says something in a line; others do not. */
function startOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? `= ${String(value)}`
    : undefined;
}

function valuesOf(schemas: readonly JsonSchema[]): Offer[] {
  const offers = schemas.flatMap((schema): Offer[] => {
    const { type, title, description } = schema;
    if (schema.const !== undefined) return plain(schema.const, title, description);
    if (schema.enum !== undefined) return schema.enum.flatMap((value) => plain(value));
    if (type === 'boolean') return [true, false].flatMap((value) => plain(value));
    return (schema.examples ?? []).flatMap((value) => plain(value));
  });
  return once(offers);
}

function plain(value: unknown, detail?: string, info?: string): Offer[] {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return [];
  const label = String(value);
  return [{ label, insert: label, kind: 'value', isRequired: false, detail, info }];
}

function once(offers: readonly Offer[]): Offer[] {
  return [...new Map(offers.map((offer) => [offer.label, offer])).values()];
}
