import { type AnyRoute, defineRoute } from '../http/route.ts';
import { z } from 'zod';
import { policyJsonSchema } from './json-schema.ts';

/** `GET /v1/policy.schema.json`, for editors. It says nothing of this installation. */
export function policySchemaRoute(): AnyRoute {
  const document = policyJsonSchema();
  return defineRoute({
    method: 'GET',
    path: '/v1/policy.schema.json',
    summary: 'The JSON Schema of policy documents, by which editors complete and check them',
    audience: 'open',
    rate: 'discovery',
    replies: { 200: z.record(z.string(), z.json()) },
    errors: [],
    handle: async () => ({ status: 200, body: document }),
  });
}
