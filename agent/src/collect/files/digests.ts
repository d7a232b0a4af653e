import type { DigestResult, System } from '../system.ts';

const largestBytes = 256 * 1024 * 1024;
/** More than the largest plan names, so that one plan's files never drive each other out. */
const mostKept = 256;

/** What one collection may hash anew: about a second of the processor. */
const mostAtOnceBytes = 1024 * 1024 * 1024;

/** How much one collection may still read. */
export interface Allowance {
  leftBytes: number;
}

export function allowance(): Allowance {
  return { leftBytes: mostAtOnceBytes };
}

export interface FileDigests {
  /** @returns `not-now` when the allowance does not suffice: what was hashed is kept, and the rest follows another time */
  of(system: System, path: string, within: Allowance): Promise<DigestResult | { outcome: 'not-now' }>;
}

/**
 * Hashes of files, each computed once for as long as the file is the same one and unchanged. A hash that takes longer
 * than its reader waits is finished all the same, and is there the next time.
 */
export function fileDigests(): FileDigests {
  const kept = new Map<string, { version: string; digest: DigestResult }>();
  const running = new Map<string, Promise<DigestResult | { outcome: 'not-now' }>>();

  async function compute(
    system: System,
    path: string,
    within: Allowance,
  ): Promise<DigestResult | { outcome: 'not-now' }> {
    const entry = await system.inspect(path);
    if (entry.outcome !== 'found') return entry;
    if (entry.kind !== 'file') return { outcome: 'not-a-file' };
    const before = kept.get(path);
    if (before?.version === entry.version) return before.digest;
    if (entry.sizeBytes > largestBytes) return { outcome: 'too-large' };
    if (entry.sizeBytes > within.leftBytes) return { outcome: 'not-now' };
    within.leftBytes -= entry.sizeBytes;
    const digest = await system.digest(path, largestBytes);
    if (digest.outcome === 'read') {
      kept.delete(path);
      kept.set(path, { version: digest.version, digest });
      const oldest = kept.size > mostKept ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
    }
    return digest;
  }

  return {
    of(system, path, within) {
      const already = running.get(path);
      if (already !== undefined) return already;
      const started = compute(system, path, within).finally(() => running.delete(path));
      running.set(path, started);
      return started;
    },
  };
}
