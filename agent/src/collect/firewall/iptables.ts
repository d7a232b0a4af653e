import { isForeignChain } from './foreign-chains.ts';

export interface Rules {
  /** Policy of each built-in chain. */
  policies: Map<string, string>;
  /** The rules of each chain, as words. */
  chains: Map<string, string[][]>;
}

/** Reads `iptables -S`; undefined when it is something else. */
export function parseIptables(text: string): Rules | undefined {
  const rules: Rules = { policies: new Map(), chains: new Map() };
  for (const line of text.split('\n')) {
    const [command, chain, ...words] = line.trim().split(/\s+/);
    if (command === '-P' && chain !== undefined && words[0] !== undefined) rules.policies.set(chain, words[0]);
    if (command === '-A' && chain !== undefined) rules.chains.set(chain, [...(rules.chains.get(chain) ?? []), words]);
  }
  return rules.policies.has('INPUT') ? rules : undefined;
}

/** The same question as for nftables, by the same rule. */
export function filtersInput({ policies, chains }: Rules): boolean {
  return policies.get('INPUT') === 'DROP' || turnsAway('INPUT', chains, new Set());
}

function turnsAway(chain: string, chains: Rules['chains'], seen: Set<string>): boolean {
  if (seen.has(chain) || isForeignChain(chain)) return false;
  seen.add(chain);
  return (chains.get(chain) ?? [])
    .filter((words) => !namesFew(words))
    .some((words) => {
      const target = words[words.findIndex((word) => word === '-j' || word === '-g') + 1] ?? '';
      return target === 'DROP' || target === 'REJECT' || turnsAway(target, chains, seen);
    });
}

/** A rule against single addresses or broken packets is a block-list, which lets everybody else in. */
function namesFew(words: readonly string[]): boolean {
  return words.some((word, at) => {
    if (words[at - 1] === '!') return false;
    const next = words[at + 1];
    return (
      word === '-s' || word === '--match-set' || ((word === '--ctstate' || word === '--state') && next === 'INVALID')
    );
  });
}
