import { badTexts, badValues, fitting, type Known } from './bad-values.ts';
import type { Operation, Parameter, Schema } from './openapi.ts';
import type { RawRequest } from './raw-http.ts';

/** One bad request, without credentials. */
export interface BadRequest extends RawRequest {
  what: string;
  headers: [name: string, value: string][];
}

/** Stands in a form for a client assertion that is signed when the request is sent. */
export const freshAssertion = '{fresh-assertion}';

const largest = 300_000;
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

/** All that may be wrong with a request to this endpoint. Everything else about each of them is right. */
export function badRequests(operation: Operation, known: Known): BadRequest[] {
  const path = addressOf(operation, known);
  const { method } = operation;
  const right = rightBody(operation, known);
  const typed: [string, string][] = operation.body === undefined ? [] : [['Content-Type', operation.body.mediaType]];
  const base = { method, path, headers: typed, body: right };
  const spoilt = (what: string, by: Partial<RawRequest & { headers: [string, string][] }>): BadRequest => ({
    ...base,
    ...by,
    what,
  });
  return [
    ...badBodies(operation, known).map(({ what, body }) => spoilt(what, { body })),
    ...badTypes(operation, right).map(({ what, headers }) => spoilt(what, { headers })),
    ...badQueries(operation.parameters).map((query) =>
      spoilt(`query ${query.slice(0, 60)}`, { path: `${path}${path.includes('?') ? '&' : '?'}${query}` }),
    ),
    ...badPaths(operation, known).map((each) => spoilt(`path ${each.slice(0, 80)}`, { path: each })),
    spoilt('a header of 20 kB', { headers: [...typed, ['X-Long', 'x'.repeat(20_000)]] }),
    spoilt('two Host headers', { headers: [...typed, ['Host', 'other.example']] }),
    spoilt('a method that it does not have', {
      method: ['PUT', 'PATCH', 'DELETE'].find((each) => !operation.methods.includes(each)) ?? 'PROPFIND',
    }),
  ];
}

/** The address, with things that there are. */
export function pathOf(operation: Operation, known: Known): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = operation.parameters.find((each) => each.name === name);
    return String(fitting(parameter?.schema ?? {}, known, name));
  });
}

/** The same with the query that it cannot do without. */
export function addressOf(operation: Operation, known: Known): string {
  const needed = operation.parameters
    .filter((each) => each.in === 'query' && each.required === true)
    .map(({ name, schema }): [string, string] => [name, String(fitting(schema, known, name))]);
  const path = pathOf(operation, known);
  return needed.length === 0 ? path : `${path}?${new URLSearchParams(needed).toString()}`;
}

function rightBody({ body }: Operation, known: Known): string | undefined {
  if (body === undefined) return undefined;
  const fit = fitting(body.schema, known);
  if (body.mediaType === json) return JSON.stringify(fit);
  return body.mediaType === form ? encoded(Object.entries(fit as Record<string, string>)) : String(fit);
}

function badBodies({ body }: Operation, known: Known): { what: string; body: string | Uint8Array }[] {
  if (body === undefined) return [{ what: 'a body where none is read', body: '{}' }];
  if (body.mediaType === json) return badJson(body.schema, known);
  return body.mediaType === form ? badForms(body.schema, known) : badTokens;
}

function badJson(schema: Schema, known: Known): { what: string; body: string | Uint8Array }[] {
  const fit = fitting(schema, known) as Record<string, unknown>;
  const text = JSON.stringify(fit);
  const into = (member: string) => (text === '{}' ? `{${member}}` : `${text.slice(0, -1)},${member}}`);
  const [name] = Object.keys(schema.properties ?? {});
  const bytes = new TextEncoder().encode(into('"note":"x"'));
  bytes[bytes.length - 3] = 0xff;
  return [
    ...badValues(schema, fit).map(({ what, value }) => ({ what, body: JSON.stringify(value) })),
    { what: 'half a document', body: text.slice(0, -1) },
    { what: 'two documents', body: `${text}${text}` },
    { what: 'a comment', body: `/* hello */${text}` },
    { what: 'single quotes', body: "{'a':1}" },
    { what: 'NaN', body: into('"note":NaN') },
    { what: 'invalid UTF-8', body: bytes },
    { what: 'UTF-16', body: Buffer.from(text, 'utf16le') },
    { what: 'a byte order mark', body: `\ufeff${text}` },
    { what: 'only white space', body: ' \n' },
    { what: 'nested 17 deep', body: into(`"note":${'['.repeat(17)}${']'.repeat(17)}`) },
    { what: 'nested 20000 deep', body: `${'['.repeat(20_000)}${']'.repeat(20_000)}` },
    { what: 'an open end, 20000 deep', body: '{"a":'.repeat(10_000) },
    { what: '__proto__', body: into('"__proto__":{"isAdmin":true}') },
    { what: '__proto__, escaped', body: into('"\\u005f_proto__":{"roles":["admin"]}') },
    { what: 'constructor', body: into('"constructor":{"prototype":{"isAdmin":true}}') },
    { what: 'a number out of range', body: into('"note":1e400') },
    { what: 'half a surrogate pair', body: into('"note":"\\ud800"') },
    { what: 'a member too large', body: into(`"note":"${'x'.repeat(largest)}"`) },
    ...(name === undefined
      ? [{ what: 'a member twice', body: '{"a":1,"a":1}' }]
      : [
          { what: 'a member twice', body: into(`${JSON.stringify(name)}:${JSON.stringify(fit[name])}`) },
          {
            what: 'a member twice, escaped',
            body: into(`"\\u${name.codePointAt(0)?.toString(16).padStart(4, '0')}${name.slice(1)}":1`),
          },
        ]),
  ];
}

function badForms(schema: Schema, known: Known): { what: string; body: string | Uint8Array }[] {
  const fit = Object.entries(fitting(schema, known) as Record<string, string>);
  const text = encoded(fit);
  const members = Object.entries(schema.properties ?? {});
  const without = (name: string) => encoded(fit.filter(([key]) => key !== name));
  return [
    ...(schema.required ?? []).map((name) => ({ what: `body lacks ${name}`, body: without(name) })),
    ...members.map(([name]) => ({ what: `body.${name} twice`, body: `${text}&${name}=a&${name}=b` })),
    ...members.map(([name]) => ({ what: `body.${name} is not UTF-8`, body: `${without(name)}&${name}=%ff%fe` })),
    // Whoever asks what a token is worth may ask about any text.
    ...members.flatMap(([name, inner]) =>
      refusedTexts(inner).map((value) => ({
        what: `body.${name} is ${JSON.stringify(value.slice(0, 40))}`,
        body: `${without(name)}&${encoded([[name, value]])}`,
      })),
    ),
    { what: 'a broken escape', body: `${text}&a=%zz` },
    { what: 'a name that is none', body: `${text}&=x` },
    { what: '__proto__', body: `${text}&__proto__=x` },
    {
      what: 'too many parameters',
      body: `${text}&${Array.from({ length: 101 }, (_, index) => `p${index}=1`).join('&')}`,
    },
    { what: 'bytes that are not UTF-8', body: Uint8Array.of(...new TextEncoder().encode(`${text}&a=`), 0xff) },
    { what: 'a parameter too large', body: `${text}&a=${'x'.repeat(largest)}` },
  ];
}

const part = (text: string) => Buffer.from(text).toString('base64url');

/** Instead of a compact JWS. */
const badTokens: { what: string; body: string | Uint8Array }[] = [
  ...['', 'x', '..', 'a.b.c', 'a.b.c.d', '{}', ' . . ', 'null', '\0.\0.\0'].map((body) => ({
    what: JSON.stringify(body),
    body,
  })),
  ...[
    '{}',
    'null',
    '[]',
    '{"alg":null}',
    '{"alg":"ES256"}',
    '{"alg":"ES256","typ":"eat+jwt"}',
    '{"alg":"ES256","alg":"none"}',
  ].map((header) => ({ what: `header ${header}`, body: `${part(header)}.${part('{}')}.AAAA` })),
  { what: 'a payload nested deep', body: `${part('{}')}.${part(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`)}.AAAA` },
  { what: 'a payload that is not UTF-8', body: `${part('{}')}.${Buffer.of(0xff, 0xfe).toString('base64url')}.AAAA` },
  { what: 'bytes', body: Uint8Array.of(0xff, 0xfe, 0) },
  { what: 'too large', body: `${part('{}')}.${'A'.repeat(largest)}.AAAA` },
];

function badTypes({ body }: Operation, right: string | undefined): { what: string; headers: [string, string][] }[] {
  if (body === undefined || right === undefined) return [];
  const type = (value: string): [string, string] => ['Content-Type', value];
  return [
    { what: 'no content type', headers: [] },
    ...[
      'text/plain',
      'application/xml',
      body.mediaType === json ? form : json,
      ';;;',
      `${body.mediaType}; charset=utf-16`,
    ].map((value) => ({ what: `content type ${value}`, headers: [type(value)] })),
    { what: 'content type twice', headers: [type(body.mediaType), type(body.mediaType)] },
    { what: 'a compressed body', headers: [type(body.mediaType), ['Content-Encoding', 'gzip']] },
  ];
}

function badQueries(parameters: readonly Parameter[]): string[] {
  const asked = parameters.filter((each) => each.in === 'query');
  return [
    'surprise=1',
    'a=1&a=2',
    'a=%zz',
    'a=%ff',
    'a=%00',
    '__proto__=1',
    '=1',
    Array.from({ length: 101 }, (_, index) => `p${index}=1`).join('&'),
    ...asked.map(({ name }) => `${name}=1&${name}=1`),
    ...asked.flatMap(({ name, schema }) => badQueryValues(schema).map((value) => `${name}=${value}`)),
  ];
}

function badQueryValues({ type, ...schema }: Schema): string[] {
  if (type === 'integer') return ['%00', 'abc', '-1', '1.5', '1e99', '9'.repeat(400), '%27%20OR%201=1'];
  // Whoever searches may search for any text.
  return type === 'string' ? refusedTexts(schema).map((text) => encodeURIComponent(text)) : ['%00'];
}

/** Texts that are refused where any text is allowed that is not too long. */
function refusedTexts(schema: Schema): string[] {
  const isFree = schema.pattern === undefined && schema.enum === undefined;
  return badTexts(schema).filter(
    (text) => !isFree || text.length > (schema.maxLength ?? Infinity) || text.includes('\0'),
  );
}

const badSegments = [
  '%00',
  '%07%e2%80%ae',
  '%27%20OR%201=1--',
  '%3Cscript%3E',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  '%ff',
  '%zz',
  'a;b=c',
  'x'.repeat(10_000),
];

function badPaths(operation: Operation, known: Known): string[] {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const path = pathOf(operation, known);
  return [
    `${path}/`,
    `/${path}`,
    `${path}%00`,
    ...names.flatMap((name) =>
      badSegments.map((segment) =>
        pathOf(operation, (each, schema) => (each === name ? segment : known(each, schema))),
      ),
    ),
  ];
}

function encoded(members: [name: string, value: string][]): string {
  return members.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}
