import { isPersonal } from '../personal.ts';
import type { System } from '../system.ts';

/** What the kernel makes up as it is asked: counters, other programs' command lines, addresses of the hardware. */
const kernelPlaces = /^\/(?:proc|sys|dev)(?:\/|$)/;

/** A path that a policy names, and what is told of it. */
export type Subject = { kind: 'file'; path: string } | { kind: 'withheld' } | { kind: 'not-a-file' };

/**
 * The file that a path leads to, if anybody on this machine could read it. The agent may run as one who reads more than
 * others: a policy must not find out by that what is in a private file. From the hash of something short, that is a guess
 * away.
 */
export async function subjectOf(system: System, named: string): Promise<Subject> {
  if (isPersonal(system, named)) return { kind: 'withheld' };
  const path = (await system.realPath(named)) ?? named;
  if (isPersonal(system, path)) return { kind: 'withheld' };
  if (system.platform !== 'windows' && kernelPlaces.test(path)) return { kind: 'not-a-file' };
  const entry = await system.inspect(path);
  return entry.outcome === 'found' && entry.isPrivate === true ? { kind: 'withheld' } : { kind: 'file', path };
}
