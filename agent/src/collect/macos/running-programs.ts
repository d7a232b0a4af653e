// Read from recorded output; not run on the system itself.
import type { System } from '../system.ts';

/** The programs that run, with their whole paths, of all users; undefined where ps did not list them all. */
export async function runningPrograms(system: System): Promise<ReadonlySet<string> | undefined> {
  const result = await system.run('/bin/ps', ['-axww', '-o', 'comm='], { maxBytes: 1024 * 1024 });
  if (result.outcome !== 'exited' || result.code !== 0 || !result.stdout.endsWith('\n')) return undefined;
  const programs = new Set(result.stdout.split('\n').map((line) => line.trim()));
  // The first process of every Mac, of another user than any person: without it the list is not the whole one.
  return programs.has('/sbin/launchd') ? programs : undefined;
}
