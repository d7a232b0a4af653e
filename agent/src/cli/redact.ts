import type { Readings } from '@postern/shared/protocol/reading';
import type { AgentState } from '../state/state.ts';
import type { Terminal } from './terminal.ts';

// What secrets and names of machines look like wherever they stand.
const patterns: readonly [RegExp, string][] = [
  [/(\/(?:home|Users|media)\/|\\Users\\)[^/\\\s'"]+/g, '$1<user>'],
  [/\beyJ[\w-]{4,}(?:\.[\w-]*){0,4}/g, '<jws>'],
  [/\b(Bearer|DPoP|Basic) +[\w.~+/=-]+/gi, '$1 <secret>'],
  [
    /\b((?:access_|id_|refresh_)?token|secret|password|passwd|api[_-]?key|cookie)(["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi,
    '$1$2<secret>',
  ],
  [/:\/\/[^/\s@]{1,256}@/g, '://<secret>@'],
  [/\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}\b/g, '<mail>'],
  [/\b([a-z]{2,3})_[0-9a-f]{32}\b/g, '$1_…'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<address>'],
  // Long, and of letters and digits both: a word or the name of a tool is not.
  [/(?<![\w+=-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{24,}(?![\w+=-])/g, '<secret>'],
];

const sensitiveNames = /TOKEN|SECRET|PASS|KEY|AUTH|COOKIE|CREDENTIAL|SESSION|PRIVATE|MAIL/i;
/** What the environment holds of everybody, and a reader needs to see. */
const harmlessNames =
  /^(?:LANG|LANGUAGE|LC_\w+|TERM|COLORTERM|TZ|NO_COLOR|SHLVL|POSTERN_AGENT_(?:DATA|CA)|XDG_(?:SESSION_(?:TYPE|CLASS|DESKTOP)|CURRENT_DESKTOP))$/;
/** Shorter ones are looked for as whole words. */
const shortestSecret = 6;
const isPath = /^(?:\/|[A-Za-z]:\\)/;
/** Names that say nothing of a person, and are part of other sentences. */
const common = new Set([
  'root',
  'localhost',
  'admin',
  'user',
  'unknown',
  'agent',
  'system',
  'device',
  'none',
  'true',
  'false',
]);

/** What must not be seen outside, beyond what can be told by its form. */
export interface Known {
  state?: AgentState | undefined;
  /** Of this machine: its identifiers are in them. */
  readings?: Readings;
}

/**
 * Makes text fit to be pasted into a ticket: no home folder, user, host or device name, owner, id, serial number, key,
 * token, or value of the environment.
 */
export function redactorFor(
  { machine, env }: Pick<Terminal, 'machine' | 'env'>,
  known: Known = {},
): (text: string) => string {
  const { state, readings } = known;
  const names = [
    machine.hostName,
    env['USER'],
    env['USERNAME'],
    env['LOGNAME'],
    baseOf(machine.home),
    state?.device.name,
  ];
  const owner = state?.device.owner.name ?? '';
  const stands = [
    ...secretsOfEnvironment(env).map((value) => ({ value, stand: '<secret>' })),
    ...secretsOfState(state).map((value) => ({ value, stand: '<secret>' })),
    ...identifiersOf(readings).map((value) => ({ value, stand: '<serial>' })),
    { value: machine.home, stand: '~', isName: true },
    ...names.map((name) => ({
      value: name ?? '',
      stand: name === machine.hostName ? '<host>' : '<name>',
      isName: true,
    })),
    ...[owner, ...owner.split(/[\s-]+/)].map((value) => ({ value, stand: '<name>', isName: true })),
  ];
  // The longest first: a name may be part of a secret, and what was left of it would show.
  const telling = stands
    .filter(({ value }) => value.length > 2 && !common.has(value.toLowerCase()) && value !== '/root')
    .toSorted((left, right) => right.value.length - left.value.length)
    .map((each): [RegExp, string] => [patternOf(each), each.stand]);
  return (text) => [...telling, ...patterns].reduce((rest, [pattern, stand]) => rest.replace(pattern, stand), text);
}

/** The text itself, in any case. A name counts as a whole word only: it may be part of other words. */
function patternOf({ value, isName = false }: { value: string; isName?: boolean }): RegExp {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const isWord = isName || value.length < shortestSecret;
  return new RegExp(isWord ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])` : literal, 'giu');
}

function secretsOfEnvironment(env: Terminal['env']): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (sensitiveNames.test(name)) return value.length > 3 ? [value, value.trim()] : [];
    return value.length > 7 && !harmlessNames.test(name) && !isPath.test(value) ? [value] : [];
  });
}

function secretsOfState(state: AgentState | undefined): string[] {
  if (state === undefined) return [];
  const { key, prev, unacknowledged, lastSent, plan } = state;
  return [
    key.thumbprint,
    prev ?? '',
    ...unacknowledged.map(({ hash }) => hash),
    lastSent?.hash ?? '',
    plan?.identifierKey ?? '',
    ...identifiersOf(readingsOf(lastSent?.claims)),
  ];
}

function readingsOf(claims: string | undefined): unknown {
  try {
    return member(JSON.parse(claims ?? 'null'), 'readings');
  } catch {
    return undefined;
  }
}

/** Of the hardware, as it was read or as it was sent. */
function identifiersOf(readings: unknown): string[] {
  const value = member(member(readings, 'identifiers'), 'value');
  return ['serial', 'hardwareUuid', 'machineIdHash'].flatMap((name) => {
    const identifier = member(value, name);
    return typeof identifier === 'string' ? [identifier] : [];
  });
}

function member(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null && Object.hasOwn(owner, name)
    ? Reflect.get(owner, name)
    : undefined;
}

function baseOf(home: string): string {
  return home.split(/[/\\]/).findLast((part) => part !== '') ?? '';
}
