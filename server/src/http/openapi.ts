import { z } from 'zod';
import {
  createDocument,
  type CreateDocumentOptions,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { errorAnswerSchema } from '@postern/shared/protocol/error-answer';
import { type ErrorCode, errorKinds } from '@postern/shared/protocol/errors';
import { mediaTypeOf } from './body.ts';
import { type AnyRoute, type Audience, defineRoute } from './route.ts';

export interface OpenApiOptions {
  issuer: string;
  version: string;
  /** Schemas that no route names, but that readers of the protocol need: claims of signed documents. */
  components: Record<string, z.ZodType>;
}

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** The OpenAPI 3.1 document of all routes: what the adapter enforces, from the same schemas. */
export function describeRoutes(
  routes: readonly AnyRoute[],
  { issuer, version, components }: OpenApiOptions,
): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Postern', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: issuer }],
      paths,
      components: {
        schemas: components,
        securitySchemes: {
          person: {
            type: 'http',
            scheme: 'bearer',
            description: 'An admin API token, or the session cookie of the console',
          },
          device: {
            type: 'http',
            scheme: 'DPoP',
            description: 'A DPoP proof (RFC 9449) made with the device key, in the header DPoP',
          },
          gateway: { type: 'http', scheme: 'basic', description: "A gateway's id and secret" },
        },
      },
    },
    { override: showWireForm },
  );
}

/** `GET /v1/openapi.json`. The document is made once, when it is first asked for. */
export function openApiRoute(describe: () => OpenApiDocument): AnyRoute {
  let document: OpenApiDocument | undefined;
  return defineRoute({
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This document',
    audience: 'open',
    rate: 'discovery',
    replies: { 200: z.record(z.string(), z.json()) },
    errors: [],
    handle: async () => ({ status: 200, body: (document ??= describe()) }),
  });
}

/** What the adapter itself may answer, whatever the route. */
export function errorsOf(route: AnyRoute): readonly ErrorCode[] {
  const always: ErrorCode[] = [
    'malformed_request',
    'duplicate_parameter',
    'unsupported_content_type',
    'body_too_large',
    'headers_too_large',
    'request_timeout',
    'too_many_requests',
    'internal',
    'unavailable',
  ];
  const byAudience: Record<Audience, ErrorCode[]> = {
    open: [],
    device: [],
    gateway: ['client_authentication_failed'],
    person: ['not_signed_in', 'not_allowed'],
  };
  return [...new Set([...route.errors, ...byAudience[route.audience], ...always])];
}

function operation(route: AnyRoute): ZodOpenApiOperationObject {
  const path = route.params instanceof z.ZodObject ? { path: route.params } : {};
  const query = route.query instanceof z.ZodObject ? { query: route.query } : {};
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: `Limited by address, class \`${route.rate}\`.${route.roles === undefined ? '' : ` For ${route.roles.join(', ')}.`}`,
    requestParams: { ...path, ...query },
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { [mediaTypeOf(route.body)]: { schema: route.body.schema } } } }),
    responses: { ...replies(route), ...refusals(route) },
    ...(route.audience === 'open' ? {} : { security: [{ [route.audience]: [] }] }),
  };
}

function replies(route: AnyRoute): ZodOpenApiResponsesObject {
  const entries = Object.entries(route.replies).map(([status, schema]) => {
    if (schema === null) return [status, { description: 'Done' }];
    const type = schema instanceof z.ZodString ? 'text/plain' : 'application/json';
    return [status, { description: 'Done', content: { [type]: { schema } } }];
  });
  return Object.fromEntries(entries) as ZodOpenApiResponsesObject;
}

/** One answer per status; its codes and sentences in the description. */
function refusals(route: AnyRoute): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(errorsOf(route), (code) => errorKinds[code].status);
  const entries = [...byStatus].map(([status, codes]) => [
    String(status),
    {
      description: codes.map((code) => `\`${code}\`: ${errorKinds[code].sentence}`).join('\n\n'),
      content: { 'application/json': { schema: errorAnswerSchema } },
    },
  ]);
  return Object.fromEntries(entries) as ZodOpenApiResponsesObject;
}

function operationId({ method, path }: AnyRoute): string {
  const words = path.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words.map((word) => word[0]?.toUpperCase() + word.slice(1))].join('');
}

/**
 * The document describes what travels. Brands and trims are of our making, so a schema that transforms is shown as what
 * it reads, in answers too.
 */
const showWireForm: NonNullable<CreateDocumentOptions['override']> = ({ zodSchema, jsonSchema, io }) => {
  const definition = zodSchema._zod.def;
  if (io !== 'output' || definition.type !== 'pipe') return;
  const { in: read, out } = definition as { in?: z.core.$ZodType; out?: z.core.$ZodType } & typeof definition;
  if (read === undefined || out?._zod.def.type !== 'transform') return;
  const { $schema: _dialect, ...wire } = z.toJSONSchema(read, { io: 'input' });
  Object.assign(jsonSchema, wire);
};
