import type { System } from '../system.ts';

export interface Ufw {
  /** As its configuration says. Alone this is a wish: the rules may never have been loaded. */
  enabled: boolean;
  /** Whether its service has loaded the rules. Alone this is nothing: it also runs with ENABLED=no. */
  loaded: boolean;
  method: string;
}

const configuration = '/etc/ufw/ufw.conf';

/** What ufw says of itself to everybody. */
export async function readUfw(system: System): Promise<Ufw> {
  const file = await system.readFile(configuration);
  const enabled = file.outcome === 'read' && isEnabled(file.text);
  if (!enabled) return { enabled, loaded: false, method: configuration };
  const service = await system.run('/usr/bin/systemctl', ['is-active', 'ufw.service']);
  const loaded = service.outcome === 'exited' && service.stdout.trim() === 'active';
  return { enabled, loaded, method: `${configuration}, systemctl is-active ufw.service` };
}

/** A shell reads the file, so the last assignment wins and a comment is none. */
export function isEnabled(text: string): boolean {
  const stated = [...text.matchAll(/^\s*ENABLED=["']?(\w+)["']?\s*(?:#.*)?$/gm)].at(-1)?.[1];
  return stated?.toLowerCase() === 'yes';
}
