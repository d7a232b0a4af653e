import { parse } from 'yaml';
import { exchange, type HeaderPairs, picked, type Replay, without } from './gateway-replay.ts';

type Middleware = { headers: { customRequestHeaders: Record<string, string> } } | { forwardAuth: ForwardAuth };

interface ForwardAuth {
  address: string;
  trustForwardHeader: boolean;
  authRequestHeaders: string[];
  authResponseHeadersRegex: string;
}

interface DynamicFile {
  http: {
    routers: { app: { rule: string; service: string; middlewares: string[] } };
    middlewares: Record<string, Middleware>;
    services: Record<string, { loadBalancer: { servers: { url: string }[] } }>;
  };
}

/**
 * Traefik 3 with that file, as documented: https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/
 * (headers, forwardauth). X-Forwarded-* of clients are not believed (entry point, `forwardedHeaders.insecure` off).
 */
export function traefikReplay(file: string): Replay {
  const { routers, middlewares, services } = (parse(file) as DynamicFile).http;
  const { rule, service, middlewares: chain } = routers.app;
  const to = services[service]?.loadBalancer.servers[0]?.url ?? '';

  return async (request) => {
    const host = request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
    if (rule !== `Host(\`${host}\`)`) return { answer: { status: 404, headers: {}, text: '' } };
    let headers = without(request.headers, (name) => name.startsWith('x-forwarded-'));
    for (const name of chain) {
      const middleware = middlewares[name];
      if (middleware === undefined) throw new Error(`no middleware ${name}`);
      if ('headers' in middleware) {
        headers = customised(headers, middleware.headers.customRequestHeaders);
        continue;
      }
      const { address, trustForwardHeader, authRequestHeaders, authResponseHeadersRegex } = middleware.forwardAuth;
      if (trustForwardHeader) throw new Error('the replay does not know trustForwardHeader');
      const allowed = new Set(authRequestHeaders.map((each) => each.toLowerCase()));
      const asked = await exchange(address, {
        method: 'GET',
        path: new URL(address).pathname,
        headers: [
          ['Host', new URL(address).host],
          ...headers.filter(([each]) => allowed.has(each.toLowerCase())),
          ['X-Forwarded-For', '127.0.0.1'],
          ['X-Forwarded-Method', request.method],
          ['X-Forwarded-Proto', 'https'],
          ['X-Forwarded-Host', host],
          ['X-Forwarded-Uri', request.path],
        ],
      });
      if (asked.status < 200 || asked.status >= 300) return { answer: asked };
      const isOwned = goPattern(authResponseHeadersRegex);
      headers = [...without(headers, (each) => isOwned.test(each)), ...picked(asked, (each) => isOwned.test(each))];
    }
    return { to, forward: { ...request, headers } };
  };
}

/** An empty value removes the header, any other takes its place. */
function customised(headers: HeaderPairs, custom: Record<string, string>): HeaderPairs {
  const names = new Set(Object.keys(custom).map((name) => name.toLowerCase()));
  const set = Object.entries(custom).filter(([, value]) => value !== '');
  return [...without(headers, (name) => names.has(name)), ...set];
}

/** Go writes the flag into the pattern. Traefik applies it to names like X-Auth-Request-User. */
function goPattern(text: string): RegExp {
  return text.startsWith('(?i)') ? new RegExp(text.slice(4), 'i') : new RegExp(text);
}
