import type { System } from '../system.ts';

const folder = '/etc/systemd/system';

/** Whether systemd starts a timer at every start of the machine: it is wanted, and not masked by a link to nothing. */
export async function isActiveTimer(system: System, timer: string): Promise<boolean> {
  if ((await system.realPath(`${folder}/${timer}`)) === '/dev/null') return false;
  const wanted = (await system.list(`${folder}/timers.target.wants`)) ?? [];
  return wanted.includes(timer);
}
