import type { files } from '@postern/shared/checks/files';
import type { z } from 'zod';
import type { Wish } from '../collector.ts';
import { found, unknown, type Finding } from '../finding.ts';
import type { DigestResult, System } from '../system.ts';
import { allowance, type FileDigests } from './digests.ts';
import { type Subject, subjectOf } from './subject.ts';

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
  const method = `Path, type and SHA-256 of each file; ${signatures.method}`;
  const within = allowance();
  const listed: File[] = [];
  let notNow = 0;
  for (const path of targets.slice(0, mostTargets)) {
    const subject = await subjectOf(system, path);
    const digest = subject.kind === 'file' ? await digests.of(system, subject.path, within) : undefined;
    if (digest?.outcome === 'not-now') notNow += 1;
    else listed.push({ path, ...(digest === undefined ? untold(subject) : stateOf(digest)), ...notKnown });
  }
  if (notNow > 0) {
    return unknown(
      'timed-out',
      `The files are too large to be hashed at one time: ${notNow} of them are left for the next report.`,
      method,
    );
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
  return found({ files: listed.map((file) => Object.assign(file, byPath.get(file.path))) }, method);
}

/** As if this user could not read it, which most of the others cannot. */
function untold({ kind }: Subject): Pick<File, 'state' | 'sha256'> {
  return { state: kind === 'not-a-file' ? 'not-a-file' : 'not-readable', sha256: null };
}

function stateOf(digest: DigestResult): Pick<File, 'state' | 'sha256'> {
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
