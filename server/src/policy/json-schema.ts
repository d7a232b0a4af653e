import { catalogue } from '@postern/shared/checks/catalogue';
import { policyDocumentSchema } from '@postern/shared/protocol/policy';
import { z } from 'zod';

/** A JSON Schema, or a part of one. */
type JsonSchema = z.core.JSONSchema.BaseSchema;

const durationPattern = '^(?:0|(?=\\d)(?:\\d{1,6}w)?(?:\\d{1,6}d)?(?:\\d{1,6}h)?(?:\\d{1,6}m)?(?:\\d{1,6}s)?)$';

/**
 * The JSON Schema of policy documents, from the schema that reads them: what editors complete and check while somebody types.
 * Draft 7, which all of them understand. Whether expressions and times make sense, only the backend says.
 */
export function policyJsonSchema(): JsonSchema {
  const { $schema, definitions } = z.toJSONSchema(policyDocumentSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema, path }) => refine(jsonSchema, path),
  });
  const { PolicyDocument: document, ...others } = (definitions ?? {}) as Record<string, JsonSchema>;
  if ($schema === undefined || document === undefined)
    throw new TypeError('the schema of policies has no name any more');
  // Beside a `$ref` nothing counts in this draft, so that the document itself stands at the top.
  return { $schema, title: 'Postern device policy', ...document, definitions: others };
}

/** What a schema of zod cannot say, or says in words that only OpenAPI has. */
function refine(schema: JsonSchema, path: readonly (string | number)[]): void {
  delete schema['example'];
  if (typeof schema.pattern === 'string' && schema.pattern.includes('{1,6})w')) schema.pattern = durationPattern;
  if (schema.format === 'uri') schema.pattern = '^(https|x-apple\\.systempreferences|ms-settings):';
  if (schema.type === 'object' && schema.properties?.['require'] !== undefined) refineRule(schema);
  if (path.includes('targets') && schema.type === 'string') schema.pattern = '^(/|[A-Za-z]:\\\\)[^*?]*$';
}

function refineRule(rule: JsonSchema): void {
  const check = rule.properties?.['check'];
  if (typeof check !== 'object') throw new TypeError('a rule has no check any more');
  delete check.pattern;
  check.oneOf = catalogue.map(({ id, title, about }) => ({ const: id, title, description: about }));
  const takers = catalogue.filter(({ targets }) => targets !== undefined).map((each) => each.id);
  rule.anyOf = [
    { properties: { check: { enum: takers } }, required: ['targets'] },
    { properties: { check: { not: { enum: takers } }, targets: false } },
  ];
}
