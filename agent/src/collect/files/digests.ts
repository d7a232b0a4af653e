import type { DigestResult, System } from '../system.ts';

const largestBytes = 256 * 1024 * 1024;
/** More than the largest plan names, so that one plan's files never drive each other out. */
const mostKept = 256;

export interface FileDigests {
  of(system: System, path: string): Promise<DigestResult>;
}

/**
 * Hashes of files, each computed once for as long as the file is the same one and unchanged. A hash that takes longer
 * than its reader waits is finished all the same, and is there the next time.
 */
export function fileDigests(): FileDigests {
  const kept = new Map<string, { version: string; digest: DigestResult }>();
  const running = new Map<string, Promise<DigestResult>>();

  async function compute(system: System, path: string): Promise<DigestResult> {
    const entry = await system.inspect(path);
    if (entry.outcome !== 'found') return entry;
    if (entry.kind !== 'file') return { outcome: 'not-a-file' };
    const before = kept.get(path);
    if (before?.version === entry.version) return before.digest;
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
    of(system, path) {
      const already = running.get(path);
      if (already !== undefined) return already;
      const started = compute(system, path).finally(() => running.delete(path));
      running.set(path, started);
      return started;
    },
  };
}
