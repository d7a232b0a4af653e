/** A JSON Schema, as far as tests read it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  anyOf?: Schema[];
  oneOf?: Schema[];
  example?: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

interface DocumentedOperation {
  operationId?: string;
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
  security?: Record<string, string[]>[];
}

export interface OpenApi {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
}

/** One endpoint, as the server itself describes it. */
export interface Operation {
  /** `GET /v1/device` */
  name: string;
  method: string;
  /** All that its path has. */
  methods: readonly string[];
  path: string;
  audience: 'open' | 'device' | 'gateway' | 'person';
  parameters: Parameter[];
  body: { mediaType: string; schema: Schema } | undefined;
  documented: DocumentedOperation;
}

export async function readOpenApi(url: string): Promise<OpenApi> {
  return (await (await fetch(`${url}/v1/openapi.json`)).json()) as OpenApi;
}

/** All endpoints of the document, with the references in what they read resolved. */
export async function operationsOf(url: string): Promise<Operation[]> {
  const document = await readOpenApi(url);
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, documented]): Operation => {
      const [content] = Object.entries(documented.requestBody?.content ?? {});
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        methods: Object.keys(methods).map((each) => each.toUpperCase()),
        path,
        audience: (Object.keys(documented.security?.[0] ?? {})[0] ?? 'open') as Operation['audience'],
        parameters: (documented.parameters ?? []).map((each) =>
          Object.assign(each, { schema: resolved(document, each.schema) }),
        ),
        body:
          content === undefined ? undefined : { mediaType: content[0], schema: resolved(document, content[1].schema) },
        documented,
      };
    }),
  );
}

/** The schema without references. What requests may hold is no deeper than this can follow. */
function resolved(document: OpenApi, schema: Schema, depth = 0): Schema {
  if (depth > 12) return {};
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/components/schemas/', '');
    return resolved(document, document.components.schemas[name] ?? {}, depth + 1);
  }
  const each = (inner: Schema) => resolved(document, inner, depth + 1);
  return {
    ...schema,
    ...(schema.properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(Object.entries(schema.properties).map(([name, inner]) => [name, each(inner)])),
        }),
    ...(schema.items === undefined ? {} : { items: each(schema.items) }),
    ...(schema.anyOf === undefined ? {} : { anyOf: schema.anyOf.map(each) }),
    ...(schema.oneOf === undefined ? {} : { oneOf: schema.oneOf.map(each) }),
  };
}
