// The form of expressions: libnftables-json(5).
import type { z } from 'zod';
import { type Action, type Family, narrowest, type Reach, type Step } from './packet-fate.ts';

export type Json = z.infer<ReturnType<typeof z.json>>;

export function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a rule does, and to whom. Several steps where it decides by a map; none where it decides nothing. */
export function stepsOf(expr: readonly Json[], family: Family): Step[] {
  const reaches: Reach[] = [];
  const steps: Step[] = [];
  for (const expression of expr) {
    if (!isObject(expression)) continue;
    reaches.push(reachOf(expression, family));
    const reach = narrowest(reaches);
    const action = actionOf(expression);
    // What cannot be read may be a condition: then few are refused, and all may be let in.
    if (action === 'refuse' && !expr.every(isKnown)) continue;
    if (action !== undefined) steps.push({ reach, action });
    for (const step of stepsOfMap(expression['vmap'], family))
      steps.push({ ...step, reach: narrowest([reach, step.reach]) });
  }
  return steps;
}

/** Statements and conditions of libnftables-json(5). */
const known = new Set(
  [
    [
      'match',
      'counter',
      'limit',
      'quota',
      'ct count',
      'meter',
      'socket',
      'xt',
      'vmap',
      'log',
      'last',
      'mangle',
      'set',
      'map',
    ],
    ['ct helper', 'ct timeout', 'ct expectation', 'flow', 'notrack', 'dup', 'fwd', 'secmark', 'synproxy', 'tproxy'],
    [
      'accept',
      'drop',
      'reject',
      'return',
      'continue',
      'jump',
      'goto',
      'queue',
      'snat',
      'dnat',
      'masquerade',
      'redirect',
    ],
  ].flat(),
);

/** Kinds of what iptables brings. */
const extensions = new Set<Json>(['match', 'target', 'watcher']);

function isKnown(expression: Json): boolean {
  const names = isObject(expression) ? Object.keys(expression) : [];
  if (!isObject(expression) || names.length === 0 || !names.every((name) => known.has(name))) return false;
  if ('xt' in expression) return isObject(expression['xt']) && extensions.has(expression['xt']['type'] ?? '');
  return !('match' in expression) || isObject(expression['match']);
}

function actionOf(expression: Record<string, Json>): Action | undefined {
  if ('accept' in expression) return 'accept';
  if ('drop' in expression || 'reject' in expression) return 'refuse';
  if ('return' in expression) return 'return';
  const extension = expression['xt'];
  if (isObject(extension) && extension['type'] === 'target' && extension['name'] === 'REJECT') return 'refuse';
  for (const way of ['jump', 'goto'] as const) {
    const to = expression[way];
    if (isObject(to) && typeof to['target'] === 'string') return { chain: to['target'], comesBack: way === 'jump' };
  }
  return undefined;
}

/** Verdicts by a key. Of those by state or protocol one is the stranger's; each interface has its own. */
function stepsOfMap(vmap: Json | undefined, family: Family): Step[] {
  if (!isObject(vmap) || !isObject(vmap['data']) || !Array.isArray(vmap['data']['set'])) return [];
  const { key } = vmap;
  return vmap['data']['set'].flatMap((entry) => {
    const [value, verdict] = Array.isArray(entry) ? entry : [];
    const action = isObject(verdict) ? actionOf(verdict) : undefined;
    if (action === undefined || key === undefined || value === undefined) return [];
    return [{ reach: reachOfMatch({ left: key, op: '==', right: value }, family), action }];
  });
}

/** What an expression lets through to those after it. */
function reachOf(expression: Record<string, Json>, family: Family): Reach {
  const { match } = expression;
  if (isObject(match)) return reachOfMatch(match, family);
  if (isObject(expression['xt']) && expression['xt']['type'] === 'match') {
    return expression['xt']['name'] === 'comment' ? 'all' : 'few';
  }
  // So many in a time, so much in all, so many at once: no refusal of strangers, and no welcome.
  return ['limit', 'quota', 'ct count', 'meter', 'socket'].some((name) => name in expression) ? 'few' : 'all';
}

/** By key of `meta`, field of `payload` or key of `ct`. Whatever is not here is taken for a condition that few meet. */
function reachOfMatch({ left, op, right }: Record<string, Json>, family: Family): Reach {
  const isNot = op === '!=';
  const values = valuesOf(right);
  const among = (...wanted: Json[]): Reach =>
    values.some((value) => wanted.includes(value)) === isNot ? 'few' : 'all';
  const subject = subjectOf(left);
  switch (subject) {
    case 'meta iif':
    case 'meta iifname':
      if (isNot) return 'all';
      return values.every((value) => value === 'lo' || value === 1) ? 'few' : 'interface';
    case 'meta nfproto':
      return among(family === 'ip' ? 'ipv4' : 'ipv6');
    case 'meta protocol':
      return among(family);
    case 'meta l4proto':
    case 'ip protocol':
    case 'ip6 nexthdr':
      return among('tcp', 6);
    case 'meta pkttype':
      return among('host', 'unicast', 0);
    case 'fib daddr type':
      return among('local');
    case 'ct state':
      return among('new');
    case `${family} saddr`:
      return isNot ||
        values.some((value) => isObject(value) && isObject(value['prefix']) && value['prefix']['len'] === 0)
        ? 'all'
        : 'few';
    case 'tcp dport':
    case 'th dport':
      return isNot || values.some(isEveryPort) ? 'all' : 'few';
    case 'tcp flags':
      return !isNot && values.length === 1 && values[0] === 'syn' ? 'all' : 'few';
    default:
      return 'few';
  }
}

/** `meta iifname`, `tcp dport`, `ct state`; a mask does not change what is looked at. */
function subjectOf(left: Json | undefined): string {
  if (!isObject(left)) return '';
  const { meta, ct, payload, fib, '&': masked } = left;
  if (Array.isArray(masked)) return subjectOf(masked[0]);
  if (isObject(meta)) return words('meta', meta['key']);
  if (isObject(ct)) return words('ct', ct['key']);
  if (isObject(fib)) return words('fib', ...valuesOf(fib['flags']), fib['result']);
  return isObject(payload) ? words(payload['protocol'], payload['field']) : '';
}

function words(...parts: (Json | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string').join(' ');
}

function valuesOf(right: Json | undefined): Json[] {
  const list = isObject(right) && 'set' in right ? right['set'] : right;
  return Array.isArray(list) ? list : list === undefined ? [] : [list];
}

function isEveryPort(value: Json): boolean {
  const range = isObject(value) ? value['range'] : undefined;
  return Array.isArray(range) && (range[0] === 0 || range[0] === 1) && range[1] === 65_535;
}
