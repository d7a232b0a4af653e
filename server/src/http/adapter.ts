import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type NextFunction, type Request as ExpressRequest, type Response } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import type { Clock } from '@postern/shared/time';
import type { Config } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import type { Random } from '../random.ts';
import { authenticate, type Authenticators } from './authenticators.ts';
import { ClientGone, decodeBody, defaultMaxBytes, readBody } from './body.ts';
import type { Caller } from './caller.ts';
import { faultOf, refusal } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { parseParameters } from './parameters.ts';
import { createRateLimits } from './rate-limits.ts';
import { headerOf, pathOf, refuseDuplicateHeaders } from './raw-request.ts';
import { createRemoteAddressOf } from './remote-address.ts';
import type { AnyRoute, RateClass, Reply } from './route.ts';
import { securityHeaders } from './security-headers.ts';
import { send, sendStream } from './send.ts';
import { together } from './together.ts';
import { parseWith } from './validate.ts';

export interface AdapterOptions {
  routes: readonly AnyRoute[];
  authenticators: Authenticators;
  config: Pick<Config, 'issuer' | 'limits' | 'trustedProxies'>;
  /** Nonce for DPoP-Nonce on answers to devices. */
  issueNonce(): string;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
  log: Logger;
  metrics: Pick<Metrics, 'answered' | 'rateLimited'>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const nonceClasses: ReadonlySet<RateClass> = new Set(['token', 'challenge', 'attestation', 'device']);
const noQuery = z.strictObject({});
const nothing = Buffer.alloc(0);
const safeMethods = new Set(['HEAD', 'GET']);

/** Serves routes over HTTP: the same steps, in the same order, for all of them. */
export function createHandler(options: AdapterOptions): Handler {
  const { config, log } = options;
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  const limit = createRateLimits(config.limits);
  const remoteAddressOf = createRemoteAddressOf(config.trustedProxies);
  const prefix = new URL(config.issuer).pathname.replace(/\/$/, '');
  const headers = { ...securityHeaders(config.issuer), 'cache-control': 'no-store' };
  /** By path. What is called most has no parameter in it, and going through all patterns would cost as much as a signature. */
  const exact = new Map<string, readonly AnyRoute[]>();

  async function answer(
    template: string,
    routes: readonly AnyRoute[],
    exchange: Exchange,
    request: IncomingMessage,
    response: ServerResponse,
    params: Record<string, unknown>,
  ) {
    exchange.template = template;
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = routes.find((each) => each.method === method || each.method === 'ANY');
    exchange.route = route;
    refuseDuplicateHeaders(request);
    await limit((route ?? routes[0])?.rate ?? 'discovery', exchange.remoteAddress);
    if (route === undefined) throw new Fault('method_not_allowed', { headers: { Allow: allowed(routes) } });
    if (wantsNonce(route)) exchange.headers['dpop-nonce'] = options.issueNonce();
    // What is left unread may be more or less than was announced: the next request would begin in the middle of it.
    if (leavesBody(route, request)) exchange.headers['connection'] = 'close';
    const reply = await serve(options, route, request, exchange, params);
    if (reply.stream === undefined || request.method === 'HEAD') send(request, response, exchange, reply);
    else await sendStream(log, response, exchange, reply, reply.stream);
  }

  function begin(request: IncomingMessage, response: ServerResponse): Exchange {
    const id = options.random.uuid();
    const exchange: Exchange = {
      id,
      startedAt: performance.now(),
      headers: { ...headers, 'x-request-id': id },
      remoteAddress: remoteAddressOf(request.socket.remoteAddress, headerOf(request, 'x-forwarded-for')),
      path: '',
      query: '',
      route: undefined,
      template: 'unmatched',
    };
    response.once('finish', () => record(options, request, response, exchange));
    return exchange;
  }

  function locate(request: IncomingMessage, exchange: Exchange): void {
    if (exact.has(request.url ?? '')) {
      exchange.path = request.url ?? '';
      return;
    }
    // A proxy may or may not take the issuer's path away; the routes do not carry it.
    const { path, query } = pathOf(request);
    exchange.path = prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
    exchange.query = query;
  }

  function fail(error: unknown, exchange: Exchange, request: IncomingMessage, response: ServerResponse): void {
    if (error instanceof ClientGone || response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const route = exchange.route;
    const fault = faultOf(error, log, exchange.id);
    if (fault.code === 'too_many_requests') options.metrics.rateLimited(route?.rate ?? 'discovery');
    const asked = { header: (name: string) => headerOf(request, name), now: options.clock.now() };
    const reply =
      route?.refuse?.(fault, asked) ?? refusal(fault, route?.audience ?? 'open', headerOf(request, 'authorization'));
    send(request, response, exchange, reply);
  }

  const router = express();
  router.disable('x-powered-by');
  router.set('etag', false);
  router.set('query parser', false);
  router.set('case sensitive routing', true);
  router.set('strict routing', true);
  for (const [template, routes] of byPath(options.routes)) {
    if (!template.includes('{')) exact.set(template, routes);
    else
      router.all(template.replaceAll(/\{(\w+)\}/g, ':$1'), (request, response) =>
        answer(template, routes, exchangeOf(exchanges, request), request, response, request.params),
      );
  }
  const refuseUnmatched = async (request: IncomingMessage): Promise<never> => {
    refuseDuplicateHeaders(request);
    await limit('discovery', exchangeOf(exchanges, request).remoteAddress);
    throw new Fault('not_found');
  };
  router.use((request) => refuseUnmatched(request));
  // Express knows an error handler by its four parameters.
  router.use((error: unknown, request: ExpressRequest, response: Response, _next: NextFunction) =>
    fail(error, exchangeOf(exchanges, request), request, response),
  );

  return (request, response) => {
    const exchange = begin(request, response);
    try {
      locate(request, exchange);
    } catch (error) {
      fail(error, exchange, request, response);
      return;
    }
    const routes = exact.get(exchange.path);
    if (routes === undefined) {
      exchanges.set(request, exchange);
      request.url = exchange.path;
      router(request, response);
      return;
    }
    answer(exchange.path, routes, exchange, request, response, noParams).catch((error: unknown) =>
      fail(error, exchange, request, response),
    );
  };
}

const noParams = {};

async function serve(
  options: AdapterOptions,
  route: AnyRoute,
  request: IncomingMessage,
  exchange: Exchange,
  sentParams: Record<string, unknown>,
): Promise<Reply> {
  const maxBytes = route.body?.maxBytes ?? defaultMaxBytes;
  const bytes = route.unread?.includes('body') === true ? nothing : await readBody(request, maxBytes);
  await together();
  if (route.body === undefined && bytes.length > 0) {
    throw new Fault('malformed_request', {
      details: [{ path: 'body', message: 'must be empty: this endpoint reads none' }],
    });
  }
  const sent = route.body === undefined ? undefined : decodeBody(bytes, headerOf(request, 'content-type'), route.body);
  const params: unknown = route.params === undefined ? {} : parseWith(route.params, { ...sentParams }, 'params');
  const asked = route.unread?.includes('query') === true ? '' : exchange.query;
  const query: unknown = parseWith(route.query ?? noQuery, parseParameters(asked, 'query'), 'query');
  const presented = {
    header: (name: string) => headerOf(request, name),
    method: request.method ?? '',
    url: options.config.issuer + exchange.path,
    remoteAddress: exchange.remoteAddress,
    now: options.clock.now(),
  };
  const caller = await authenticate(options.authenticators, route.audience, presented);
  checkRole(route, caller);
  const body: unknown = route.body === undefined ? undefined : parseWith(route.body.schema, sent, 'body');
  return route.handle({ ...presented, params, query, body, caller });
}

function checkRole(route: AnyRoute, caller: Caller): void {
  if (route.audience !== 'person' || route.roles === undefined) return;
  if (caller.kind !== 'person' || !route.roles.some((role) => caller.roles.includes(role)))
    throw new Fault('not_allowed');
}

function record(
  { log, metrics }: AdapterOptions,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): void {
  const seconds = (performance.now() - exchange.startedAt) / 1000;
  const { statusCode: status } = response;
  metrics.answered({
    route: exchange.template,
    method: exchange.route === undefined ? 'other' : (request.method ?? 'other'),
    status,
    seconds,
  });
  const level = status >= 500 ? 'error' : status >= 400 ? 'info' : 'debug';
  log[level](
    { requestId: exchange.id, route: exchange.template, status, seconds, remoteAddress: exchange.remoteAddress },
    'answered',
  );
}

function exchangeOf(exchanges: WeakMap<IncomingMessage, Exchange>, request: IncomingMessage): Exchange {
  const exchange = exchanges.get(request);
  if (exchange === undefined) throw new Error('the first step did not run');
  return exchange;
}

function wantsNonce(route: AnyRoute): boolean {
  return route.audience === 'device' || nonceClasses.has(route.rate);
}

function leavesBody(route: AnyRoute, { headers }: IncomingMessage): boolean {
  if (route.unread?.includes('body') !== true) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

function allowed(routes: readonly AnyRoute[]): string {
  return routes.flatMap(({ method }) => (safeMethods.has(method) ? [method, 'HEAD'] : [method])).join(', ');
}

/** Routes of one path together. A path that two routes claim with one method is a mistake in the program. */
function byPath(routes: readonly AnyRoute[]): Map<string, AnyRoute[]> {
  const paths = new Map<string, AnyRoute[]>();
  for (const route of routes) {
    const same = paths.get(route.path) ?? [];
    if (same.some(({ method }) => method === route.method))
      throw new Error(`${route.method} ${route.path} is defined twice`);
    if (route.path.includes('{') && route.params === undefined)
      throw new Error(`${route.method} ${route.path} has no schema for its parameters`);
    paths.set(route.path, [...same, route]);
  }
  return paths;
}
