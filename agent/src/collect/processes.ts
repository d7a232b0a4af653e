import type { System } from './system.ts';

export interface Processes {
  /** Process ids by the first 15 characters of the program's name, which is all that the kernel keeps. */
  byName: ReadonlyMap<string, readonly string[]>;
  /** Whether those of other users are listed too. With hidepid they are not, and absence then proves nothing. */
  complete: boolean;
}

/** The running processes, from /proc alone. */
export async function readProcesses(system: System): Promise<Processes> {
  const ids = (await system.list('/proc'))?.filter((name) => /^\d+$/.test(name)) ?? [];
  const names = await Promise.all(
    ids.map(async (id) => {
      const file = await system.readFile(`/proc/${id}/comm`);
      return file.outcome === 'read' ? file.text.trimEnd() : '';
    }),
  );
  const byName = Map.groupBy(ids, (_, index) => names[index] ?? '');
  // hidepid=1 lists the first process and shows nothing of it; hidepid=2 does not list it.
  return { byName, complete: (names[ids.indexOf('1')] ?? '') !== '' };
}
