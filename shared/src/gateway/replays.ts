import { type Instant, second } from '../time.ts';

/** One use of a proof. */
export interface ProofUse {
  /** Thumbprint of the key that made it. */
  jkt: string;
  jti: string;
  /** From then on the proof is refused for its age. */
  until: Instant;
}

/**
 * Remembers proofs until they are too old to be used. Several processes that serve one application need one that they share
 * (a unique insert on `(jkt, jti)`); the one in memory knows only its own process.
 */
export interface ReplayStore {
  /**
   * @returns whether this is the first use
   * @throws when it cannot say, or has no room: then the request is refused
   */
  claim(use: ProofUse, now: Instant): boolean | Promise<boolean>;
}

export interface MemoryReplayOptions {
  /** Proofs that are remembered at once. */
  most?: number;
  /** Of these, by one key: so that one device cannot take the room of all. */
  mostPerKey?: number;
}

const spanMs = 5 * second;

/** A store in memory that refuses when it is full: forgetting early would let a replay in. */
export function memoryReplayStore({ most = 200_000, mostPerKey = most / 10 }: MemoryReplayOptions = {}): ReplayStore {
  const seen = new Set<string>();
  const perKey = new Map<string, number>();
  /** What is forgotten at once, by the end of its span. */
  const spans = new Map<Instant, { key: string; jkt: string }[]>();

  function forget(now: Instant): void {
    for (const [end, uses] of spans) {
      if (end > now) continue;
      spans.delete(end);
      for (const { key, jkt } of uses) {
        seen.delete(key);
        const left = (perKey.get(jkt) ?? 1) - 1;
        if (left === 0) perKey.delete(jkt);
        else perKey.set(jkt, left);
      }
    }
  }

  return {
    claim({ jkt, jti, until }, now) {
      forget(now);
      const key = `${jkt}|${jti}`;
      if (seen.has(key)) return false;
      const ofKey = perKey.get(jkt) ?? 0;
      if (seen.size >= most || ofKey >= mostPerKey) throw new Error('The store of used proofs is full.');
      seen.add(key);
      perKey.set(jkt, ofKey + 1);
      const end = (Math.floor(until / spanMs) + 1) * spanMs;
      const span = spans.get(end);
      if (span === undefined) spans.set(end, [{ key, jkt }]);
      else span.push({ key, jkt });
      return true;
    },
  };
}
