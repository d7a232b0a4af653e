/** As much of JSON Schema (draft 7) as the documents of the backend are described with. */
export interface JsonSchema {
  $ref?: string;
  type?: string;
  title?: string;
  description?: string;
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  items?: JsonSchema;
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  examples?: readonly unknown[];
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  definitions?: Readonly<Record<string, JsonSchema>>;
}

/** What may stand at a place: all alternatives, without their references. `null` in the path is a member of a list. */
export function schemasAt(root: JsonSchema, path: readonly (string | null)[]): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (at, name) =>
      at.flatMap((schema) => {
        const next = name === null ? schema.items : schema.properties?.[name];
        return next === undefined ? [] : alternativesOf(root, next);
      }),
    alternativesOf(root, root),
  );
}

function alternativesOf(root: JsonSchema, schema: JsonSchema): JsonSchema[] {
  if (schema.$ref !== undefined) {
    const { description } = schema;
    const named = root.definitions?.[schema.$ref.replace('#/definitions/', '')];
    return named === undefined
      ? []
      : alternativesOf(root, description === undefined ? named : { ...named, description });
  }
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((each) => alternativesOf(root, each));
  // What is said of all alternatives stands beside them.
  return [schema, ...inner];
}
