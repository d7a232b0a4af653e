import { parse } from 'yaml';
import { exchange, type HeaderPairs, picked, type Replay, without } from './gateway-replay.ts';
import type { RawAnswer } from './raw-http.ts';

type Patterns = { patterns: ({ exact: string } | { prefix: string })[] };

interface ExtAuthz {
  failure_mode_allow: boolean;
  allowed_headers: Patterns;
  http_service: {
    server_uri: { uri: string };
    path_prefix: string;
    authorization_request: { headers_to_add: { key: string; value: string }[] };
    authorization_response: {
      allowed_upstream_headers: Patterns;
      allowed_client_headers: Patterns;
      allowed_client_headers_on_success: Patterns;
    };
  };
}

interface ConnectionManager {
  use_remote_address: boolean;
  path_with_escaped_slashes_action: string;
  common_http_protocol_options: { headers_with_underscores_action: string };
  early_header_mutation_extensions: { typed_config: { mutations: { remove: string }[] } }[];
  route_config: { virtual_hosts: { domains: string[]; request_headers_to_remove: string[] }[] };
  http_filters: { name: string; typed_config: ExtAuthz }[];
}

interface Bootstrap {
  static_resources: { listeners: { filter_chains: { filters: { typed_config: ConnectionManager }[] }[] }[] };
}

/**
 * Envoy with that file, as documented: https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/
 * (ext_authz, http_connection_manager).
 */
export function envoyReplay(file: string, application: string): Replay {
  const { listeners } = (parse(file) as Bootstrap).static_resources;
  const manager = listeners[0]?.filter_chains[0]?.filters[0]?.typed_config;
  const host = manager?.route_config.virtual_hosts[0];
  const filter = manager?.http_filters.find(({ name }) => name === 'envoy.filters.http.ext_authz')?.typed_config;
  if (manager === undefined || host === undefined || filter === undefined) throw new Error('no such listener');
  if (filter.failure_mode_allow || !manager.use_remote_address) throw new Error('the replay does not know this');
  const service = filter.http_service;
  const removed = manager.early_header_mutation_extensions.flatMap(({ typed_config: { mutations } }) => mutations);
  const early = new Set(removed.map(({ remove }) => remove));

  return async (request) => {
    const authority = request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
    if (!host.domains.includes(authority)) return { answer: own(404) };
    // ESCAPED_SLASHES, and what is no path at all.
    if (/%2f|%5c/i.test(request.path) || /[#\\]/.test(request.path)) return { answer: own(400) };
    const path = normalised(request.path);
    const isDropped = (name: string) =>
      name.includes('_') || early.has(name) || name === 'x-forwarded-proto' || name === 'x-forwarded-for';
    const headers: HeaderPairs = [...joined(without(request.headers, isDropped)), ['x-forwarded-proto', 'https']];

    const added = service.authorization_request.headers_to_add.map(({ key, value }): [string, string] => [key, value]);
    const isAllowed = matches(filter.allowed_headers);
    const isSent = (name: string) => name === 'host' || name === 'authorization' || isAllowed(name);
    const question = { method: request.method, path: service.path_prefix + path };
    const asked = await exchange(service.server_uri.uri, {
      ...question,
      headers: [...headers.filter(([name]) => isSent(name) && !added.some(([key]) => key === name)), ...added],
    }).catch(() => own(503));
    const response = service.authorization_response;
    if (asked.status !== 200) {
      const isShown = matches(response.allowed_client_headers);
      const shown = Object.entries(asked.headers).filter(([name]) => isShown(name));
      // A server error counts as no answer (status_on_error).
      if (asked.status >= 500) return { answer: own(503) };
      return { answer: { ...asked, headers: Object.fromEntries(shown) } };
    }
    const given = picked(asked, matches(response.allowed_upstream_headers));
    const overridden = without(headers, (name) => given.some(([each]) => each === name));
    const forward = without([...overridden, ...given], (name) => host.request_headers_to_remove.includes(name));
    const isToClient = matches(response.allowed_client_headers_on_success);
    const toClient = Object.fromEntries(Object.entries(asked.headers).filter(([name]) => isToClient(name)));
    return { to: application, forward: { ...request, path, headers: forward }, added: toClient };
  };
}

function matches({ patterns }: Patterns): (name: string) => boolean {
  return (name) => patterns.some((each) => ('exact' in each ? name === each.exact : name.startsWith(each.prefix)));
}

/** Envoy's names are lower case, and values of one name are one value. */
function joined(headers: HeaderPairs): HeaderPairs {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const before = values.get(name.toLowerCase());
    values.set(name.toLowerCase(), before === undefined ? value : `${before},${value}`);
  }
  return [...values];
}

/** `normalize_path` and `merge_slashes`. */
function normalised(target: string): string {
  const [path = '', ...query] = target.split('?');
  const url = new URL(`http://envoy${path.replaceAll(/\/{2,}/g, '/')}`);
  return [url.pathname, ...query].join('?');
}

function own(status: number): RawAnswer {
  return { status, headers: {}, text: '' };
}
