import type { files } from '@postern/shared/checks/files';
import type { z } from 'zod';
import type { Wish } from '../collector.ts';
import { found, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import type { FileDigests } from './digests.ts';

type Files = z.infer<typeof files.value>;
type File = Files['files'][number];
export type Signature = Pick<File, 'signature' | 'signer'>;
/** Who vouches for each of the files, in their order. How it was asked is part of the method of the reading. */
export interface SignatureReader {
  method: string;
  read(system: System, paths: readonly string[]): Promise<Signature[]>;
}

const mostTargets = 64;
export const notKnown: Signature = { signature: 'unknown', signer: null };

/** State, hash and signer of what a policy names. One after the other: the disk is the person's, too. */
export async function readFiles(
  system: System,
  { targets }: Wish,
  digests: FileDigests,
  signatures: SignatureReader,
): Promise<Finding<Files>> {
  const listed: File[] = [];
  for (const path of targets.slice(0, mostTargets)) {
    const digest = await digests.of(system, path);
    listed.push({ path, ...stateOf(digest), ...notKnown });
  }
  const present = listed.filter(({ state }) => state === 'present');
  const signed =
    present.length === 0
      ? []
      : await signatures.read(
          system,
          present.map(({ path }) => path),
        );
  const byPath = new Map(present.map(({ path }, at) => [path, signed[at] ?? notKnown]));
  return found(
    { files: listed.map((file) => Object.assign(file, byPath.get(file.path))) },
    `Path, type and SHA-256 of each file; ${signatures.method}`,
  );
}

function stateOf(digest: Awaited<ReturnType<FileDigests['of']>>): Pick<File, 'state' | 'sha256'> {
  switch (digest.outcome) {
    case 'read':
      return { state: 'present', sha256: digest.sha256 };
    case 'absent':
    case 'not-a-file':
    case 'too-large':
      return { state: digest.outcome, sha256: null };
    case 'refused':
    case 'failed':
      return { state: 'not-readable', sha256: null };
  }
}
