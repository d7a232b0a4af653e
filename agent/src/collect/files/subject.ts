import { isPersonal } from '../personal.ts';
import type { System } from '../system.ts';

/** What the kernel makes up as it is asked: counters, other programs' command lines, addresses of the hardware. */
const kernelPlaces = /^\/(?:proc|sys|dev)(?:\/|$)/;

/** A path that a policy names, and what is told of it. */
export type Subject = { kind: 'file'; path: string } | { kind: 'withheld' } | { kind: 'not-a-file' };

/** The file that a path leads to, unless it is a person's own, or none. */
export async function subjectOf(system: System, named: string): Promise<Subject> {
  if (isPersonal(system, named)) return { kind: 'withheld' };
  const path = (await system.realPath(named)) ?? named;
  if (isPersonal(system, path)) return { kind: 'withheld' };
  if (system.platform !== 'windows' && kernelPlaces.test(path)) return { kind: 'not-a-file' };
  // Whether everybody may read it, digest() asks of the very file.
  return { kind: 'file', path };
}
