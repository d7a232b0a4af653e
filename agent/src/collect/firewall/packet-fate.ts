import { isForeignChain } from './foreign-chains.ts';

/**
 * Which new connections of strangers a condition lets through to what the rule does: all of them, those that come in by
 * some interface, or few (single addresses, single ports, broken packets) or none.
 */
export type Reach = 'all' | 'interface' | 'few';

/** Addresses of version 4 and of version 6 have rules of their own. */
export type Family = 'ip' | 'ip6';

/** What a rule does with the packets that it reaches. A list of rules that a jump leads to may come back undecided. */
export type Action = 'accept' | 'refuse' | 'return' | { chain: string; comesBack: boolean };

export interface Step {
  reach: Reach;
  action: Action;
}

type Fate = 'accept' | 'refuse' | 'undecided';

/** The rules of a chain in order; undefined where there is no such chain. */
export type ChainLookup = (name: string) => readonly Step[] | undefined;

/**
 * What becomes of a stranger's new TCP connection to just any port. That single ports are open, or single addresses are
 * not, says nothing about that; neither do the chains that containers and tunnels add for themselves. An interface that
 * lets everything in is taken for a trusted one (a tunnel, a bridge), one that refuses for the one to the outside.
 */
export function fateIn(name: string, chains: ChainLookup, known = new Map<string, Fate>()): Fate {
  const seen = known.get(name);
  if (seen !== undefined) return seen;
  // For as long as it is looked at, so that a circle (which no kernel loads) ends.
  known.set(name, 'undecided');
  const fate = isForeignChain(name) ? 'undecided' : decide(chains(name) ?? [], chains, known);
  known.set(name, fate);
  return fate;
}

function decide(steps: readonly Step[], chains: ChainLookup, known: Map<string, Fate>): Fate {
  for (const { reach, action } of steps) {
    if (reach === 'few') continue;
    const isWhole = reach === 'all';
    if (action === 'refuse') return 'refuse';
    if (action === 'accept' || action === 'return') {
      if (isWhole) return action === 'accept' ? 'accept' : 'undecided';
      continue;
    }
    const fate = fateIn(action.chain, chains, known);
    if (fate === 'refuse' || (fate === 'accept' && isWhole)) return fate;
    if (!action.comesBack && isWhole) return 'undecided';
  }
  return 'undecided';
}

/** Several conditions of one rule reach what each of them does. */
export function narrowest(reaches: readonly Reach[]): Reach {
  if (reaches.includes('few')) return 'few';
  return reaches.includes('interface') ? 'interface' : 'all';
}
