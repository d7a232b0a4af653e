import type { System } from '../system.ts';

/** systemd.unit(5): what the administrator set up, what was set up until the next start, and what packages bring. */
const folders = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];

/** Whether systemd starts a timer at every start of the machine: it is wanted, and not masked by a link to nothing. */
export async function isActiveTimer(system: System, timer: string): Promise<boolean> {
  const units = await Promise.all(folders.map((folder) => system.realPath(`${folder}/${timer}`)));
  if (units.includes('/dev/null')) return false;
  const wanted = await Promise.all(folders.map((folder) => system.list(`${folder}/timers.target.wants`)));
  return wanted.some((names) => names?.includes(timer) === true);
}
