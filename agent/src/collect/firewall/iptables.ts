import { type Action, fateIn, narrowest, type Reach, type Step } from './packet-fate.ts';

export interface Rules {
  /** Policy of each built-in chain. */
  policies: Map<string, string>;
  /** The rules of each chain, in order. */
  chains: Map<string, Step[]>;
}

/** Reads `iptables -S`; undefined when it is something else. */
export function parseIptables(text: string): Rules | undefined {
  const rules: Rules = { policies: new Map(), chains: new Map() };
  for (const line of text.split('\n')) {
    const [command, chain, ...words] = wordsOf(line);
    if (chain === undefined) continue;
    if (command === '-P' && words[0] !== undefined) rules.policies.set(chain, words[0]);
    if (command === '-P' || command === '-N') rules.chains.set(chain, rules.chains.get(chain) ?? []);
    const step = command === '-A' ? stepOf(words) : undefined;
    if (step === undefined) continue;
    const steps = rules.chains.get(chain);
    if (steps === undefined) rules.chains.set(chain, [step]);
    else steps.push(step);
  }
  return rules.policies.has('INPUT') ? rules : undefined;
}

/** Whether a stranger's new connection is turned away, by a rule or, where none decides, by the policy. */
export function filtersInput({ policies, chains }: Rules): boolean {
  const fate = fateIn('INPUT', (name) => chains.get(name));
  return fate === 'undecided' ? policies.get('INPUT') === 'DROP' : fate === 'refuse';
}

/** A comment is the only word in quotes, and may hold anything. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

const verdicts: Readonly<Record<string, Action>> = {
  ACCEPT: 'accept',
  DROP: 'refuse',
  REJECT: 'refuse',
  RETURN: 'return',
};

/** Undefined where a rule decides nothing: it counts, or writes a log. */
function stepOf(words: readonly string[]): Step | undefined {
  const at = words.findIndex((word) => word === '-j' || word === '-g');
  const target = words[at + 1];
  if (at < 0 || target === undefined) return undefined;
  const comesBack = words[at] === '-j';
  const verdict = Object.hasOwn(verdicts, target) ? verdicts[target] : undefined;
  return { reach: reachOf(words.slice(0, at)), action: verdict ?? { chain: target, comesBack } };
}

const states: Condition = ([list = ''], isNot) => (list.split(',').includes('NEW') === isNot ? 'few' : 'all');
const ports: Condition = ([list = ''], isNot) => (isNot || /^[01]?:(?:65535)?$/.test(list) ? 'all' : 'few');

/** What follows an option, and whether a `!` stood before it. */
type Condition = (values: readonly string[], isNot: boolean) => Reach;

/** Each with the number of words that follow it. Whatever is not here is taken for a condition that few meet. */
const conditions: Readonly<Record<string, readonly [number, Condition]>> = {
  '-s': [1, ([from = ''], isNot) => (isNot || from.endsWith('/0') ? 'all' : 'few')],
  '-i': [1, ([name], isNot) => (isNot ? 'all' : name === 'lo' ? 'few' : 'interface')],
  '-p': [1, ([name = ''], isNot) => (['tcp', '6', 'all', '0'].includes(name) === isNot ? 'few' : 'all')],
  '-m': [1, ([name = '']) => (transparent.has(name) ? 'all' : 'few')],
  '--comment': [1, () => 'all'],
  '--ctstate': [1, states],
  '--state': [1, states],
  '--dport': [1, ports],
  '--dports': [1, ports],
  '--tcp-flags': [2, ([, set], isNot) => (set === 'SYN' && !isNot ? 'all' : 'few')],
  '--dst-type': [1, ([type], isNot) => ((type === 'LOCAL') === isNot ? 'few' : 'all')],
  '--pkt-type': [1, ([type], isNot) => ((type === 'unicast') === isNot ? 'few' : 'all')],
};
/** Modules whose conditions stand in their options. */
const transparent = new Set(['tcp', 'conntrack', 'state', 'comment', 'multiport', 'pkttype', 'addrtype']);

function reachOf(words: readonly string[]): Reach {
  const reaches: Reach[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const isNot = word === '!';
    const option = isNot ? (words[(at += 1)] ?? '') : word;
    const known = Object.hasOwn(conditions, option) ? conditions[option] : undefined;
    if (known === undefined) return 'few';
    const [count, condition] = known;
    reaches.push(condition(words.slice(at + 1, at + 1 + count), isNot));
    at += count;
  }
  return narrowest(reaches);
}
