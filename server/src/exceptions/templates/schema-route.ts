import { catalogue } from '@postern/shared/checks/catalogue';
import { templateDocumentSchema } from '@postern/shared/protocol/template';
import { z } from 'zod';
import { type AnyRoute, defineRoute } from '../../http/route.ts';

/** `GET /v1/template.schema.json`, for editors. It says nothing of this installation. */
export function templateSchemaRoute(): AnyRoute {
  const document = templateJsonSchema();
  return defineRoute({
    method: 'GET',
    path: '/v1/template.schema.json',
    summary: 'The JSON Schema of templates, by which editors complete them',
    audience: 'open',
    rate: 'discovery',
    replies: { 200: z.record(z.string(), z.json()) },
    errors: [],
    handle: async () => ({ status: 200, body: document }),
  });
}

function templateJsonSchema() {
  const { $schema, definitions } = z.toJSONSchema(templateDocumentSchema, {
    io: 'input',
    target: 'draft-7',
    override({ jsonSchema }) {
      delete jsonSchema['example'];
      const checks = jsonSchema.properties?.['checks'];
      if (typeof checks === 'object')
        checks.items = { oneOf: catalogue.map(({ id, title, about }) => ({ const: id, title, description: about })) };
    },
  });
  const { TemplateDocument: document, ...others } = (definitions ?? {}) as Record<string, z.core.JSONSchema.BaseSchema>;
  if (document === undefined) throw new TypeError('the schema of templates has no name any more');
  return { $schema: $schema ?? '', title: 'Postern template', ...document, definitions: others };
}
