import assert from 'node:assert/strict';
import { errorAnswerSchema, toErrorAnswer } from '@postern/shared/protocol/error-answer';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Caller } from '../caller.ts';
import type { AnyRoute } from '../route.ts';
import { parseWith } from '../validate.ts';

export interface Sent {
  body?: unknown;
  query?: Record<string, unknown>;
  as?: Caller;
  /** Names in lower case. */
  headers?: Record<string, string>;
}

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  body: Body;
  /** The code of a refusal. */
  code: string | undefined;
  headers: Record<string, string>;
}

/**
 * Calls an endpoint as the HTTP adapter does, without HTTP: the role is looked at, input is parsed, the answer is held to
 * its schema and a refusal to the list of those that the endpoint names.
 */
export async function callRoute<Body = Record<string, unknown>>(
  routes: readonly AnyRoute[],
  call: { method: AnyRoute['method']; path: string; now: Instant; issuer?: string },
  sent: Sent = {},
): Promise<Answer<Body>> {
  const { method, path, now, issuer = 'https://postern.test' } = call;
  const { route, params } = findRoute(routes, method, path);
  const caller = sent.as ?? { kind: 'anonymous' };
  const roles = caller.kind === 'person' ? caller.roles : [];
  try {
    if (route.audience !== 'open' && route.audience !== caller.kind) throw new Fault('not_signed_in');
    if (route.roles !== undefined && !route.roles.some((role) => roles.includes(role))) throw new Fault('not_allowed');
    const reply = await route.handle({
      params: route.params === undefined ? {} : parseWith(route.params, params, 'params'),
      query: route.query === undefined ? {} : parseWith(route.query, sent.query ?? {}, 'query'),
      body: route.body === undefined ? undefined : parseWith(route.body.schema, sent.body ?? {}, 'body'),
      caller,
      header: (name) => sent.headers?.[name],
      method,
      url: issuer + path,
      remoteAddress: '192.0.2.1',
      now,
    });
    const schema = route.replies[reply.status];
    assert.notEqual(schema, undefined, `${method} ${path} does not name its answer ${reply.status}`);
    if (schema) schema.parse(JSON.parse(JSON.stringify(reply.body)));
    return { status: reply.status, body: reply.body as Body, code: undefined, headers: reply.headers ?? {} };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const named = [...route.errors, 'malformed_request', 'not_allowed', 'not_signed_in'];
    assert.ok(named.includes(error.code), `${method} ${path} does not name its refusal ${error.code}`);
    const body = toErrorAnswer(error);
    errorAnswerSchema.parse(JSON.parse(JSON.stringify(body)));
    return { status: error.status, body: body as Body, code: error.code, headers: error.headers };
  }
}

function findRoute(routes: readonly AnyRoute[], method: string, path: string) {
  for (const route of routes) {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const match = new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`).exec(path);
    if (route.method !== method || match === null) continue;
    return { route, params: Object.fromEntries(names.map((name, index) => [name, match[index + 1]])) };
  }
  throw new Error(`no route ${method} ${path}`);
}
