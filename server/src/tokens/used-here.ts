import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute } from '@postern/shared/time';

/** What was used up in this process. Nothing of it is written: what it stands for is good nowhere else, and not after this. */
export interface UsedHere {
  /**
   * Uses a key up.
   *
   * @returns false when it was used before
   * @throws Fault `unavailable` when so many are remembered that no more can be: what cannot be remembered is not accepted
   */
  use(key: string, now: Instant): boolean;
}

/** About 64 bytes each: 250 MB, at 4,000 proofs a second for as long as each is remembered twice that. */
const most = 4_000_000;

/**
 * @param rememberMs how long what is used could be accepted again, if it were not remembered
 */
export function createUsedHere(rememberMs: number): UsedHere {
  /** By the minute in which they were used, oldest first: forgetting takes no look at each. */
  let generations: { from: Instant; keys: Set<string> }[] = [];
  let remembered = 0;

  function current(now: Instant): Set<string> {
    const newest = generations.at(-1);
    // A clock that was set back goes on in the newest: what is in it is forgotten later, never sooner.
    if (newest !== undefined && now < newest.from + minute) return newest.keys;
    generations = generations.filter(({ from }) => from + minute + rememberMs > now);
    const made = { from: now, keys: new Set<string>() };
    generations.push(made);
    remembered = generations.reduce((sum, { keys }) => sum + keys.size, 0);
    return made.keys;
  }

  return {
    use(key, now) {
      const keys = current(now);
      if (generations.some((generation) => generation.keys.has(key))) return false;
      if (remembered >= most) throw new Fault('unavailable', { headers: { 'Retry-After': '60' } });
      keys.add(key);
      remembered += 1;
      return true;
    },
  };
}
