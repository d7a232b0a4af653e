import { Fault } from '@postern/shared/protocol/errors';
import type { Request } from '../http/route.ts';
import { externalUrl } from './external-url.ts';

/** The request to the application that a gateway asks about. */
export interface AskedRequest {
  method: string;
  /** Address as the client sees it, without query. */
  url: string;
  /** Its query, as it was sent. */
  query: string;
}

interface Asking extends Pick<Request<unknown, unknown, unknown>, 'header' | 'method'> {
  /** Of the question itself, as it was sent. */
  path: string;
}

/** How one family of gateways describes a request. Each reads its own headers: those of others, clients may have written. */
export interface Family {
  name: 'nginx' | 'forward' | 'envoy';
  path: string;
  /** @throws Fault `gateway_misconfigured` where something is missing, `address_ambiguous` */
  read(asking: Asking): AskedRequest;
}

/** nginx and what speaks like it: `auth_request` says nothing by itself, its configuration sets both headers. */
const nginx: Family = {
  name: 'nginx',
  path: '/verify/nginx',
  read: ({ header }) => ({
    method: methodOf(needed(header, 'X-Original-Method'), 'X-Original-Method'),
    ...externalUrl(needed(header, 'X-Original-URL')),
  }),
};

/** Caddy and Traefik set these four themselves. */
const forward: Family = {
  name: 'forward',
  path: '/verify/forward',
  read: ({ header }) => {
    const scheme = schemeOf(needed(header, 'X-Forwarded-Proto'));
    const uri = needed(header, 'X-Forwarded-Uri');
    if (!uri.startsWith('/')) throw new Fault('address_ambiguous');
    return {
      method: methodOf(needed(header, 'X-Forwarded-Method'), 'X-Forwarded-Method'),
      ...externalUrl(`${scheme}://${hostOf(needed(header, 'X-Forwarded-Host'))}${uri}`),
    };
  },
};

const envoyPrefix = '/verify/envoy';

/** Envoy sends the request's own method and path behind `path_prefix`, with its host. Its query is the client's. */
const envoy: Family = {
  name: 'envoy',
  path: `${envoyPrefix}/{*path}`,
  read: ({ header, method, path }) => {
    const scheme = schemeOf(needed(header, 'X-Forwarded-Proto'));
    const asked = path.slice(envoyPrefix.length);
    return { method, ...externalUrl(`${scheme}://${hostOf(needed(header, 'Host'))}${asked}`) };
  },
};

export const families: readonly Family[] = [nginx, forward, envoy];

function needed(header: Asking['header'], name: string): string {
  const value = header(name);
  if (value === undefined || value === '') throw misconfigured(name, 'is missing: the gateway must send this header');
  return value;
}

/** RFC 9110 section 9.1: a method is a token, and tokens here are in upper case. */
function methodOf(text: string, name: string): string {
  if (!/^[A-Z][A-Z-]{0,31}$/.test(text)) throw misconfigured(name, 'is not one method');
  return text;
}

function schemeOf(text: string): string {
  if (text !== 'https' && text !== 'http') throw misconfigured('X-Forwarded-Proto', 'is neither https nor http');
  return text;
}

/** One host, perhaps with a port: what would end it early or add a second one is refused. */
function hostOf(text: string): string {
  if (!/^(?:[\w.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(text)) throw new Fault('address_ambiguous');
  return text;
}

/** For the gateway's operator. */
export function misconfigured(where: string, message: string): Fault {
  return new Fault('gateway_misconfigured', { details: [{ path: where, message }] });
}
