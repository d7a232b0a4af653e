import type { System } from '../system.ts';

export interface Ufw {
  /** As its configuration says. Alone this is a wish: the rules may never have been loaded. */
  enabled: boolean;
  /** Whether its service has loaded the rules. Alone this is nothing: it also runs with ENABLED=no. */
  loaded: boolean;
  /** What it does with what no rule names; undefined where it does not say. */
  byDefault: 'accept' | 'refuse' | undefined;
  method: string;
}

const configuration = '/etc/ufw/ufw.conf';
const defaults = '/etc/default/ufw';

/** What ufw says of itself to everybody. */
export async function readUfw(system: System): Promise<Ufw> {
  const file = await system.readFile(configuration);
  const enabled = file.outcome === 'read' && isEnabled(file.text);
  if (!enabled) return { enabled, loaded: false, byDefault: undefined, method: configuration };
  const byDefault = await system.readFile(defaults);
  const service = await system.run('/usr/bin/systemctl', ['is-active', 'ufw.service']);
  const loaded = service.outcome === 'exited' && service.stdout.trim() === 'active';
  return {
    enabled,
    loaded,
    byDefault: byDefault.outcome === 'read' ? policyOf(byDefault.text) : undefined,
    method: `${configuration}, ${defaults}, systemctl is-active ufw.service`,
  };
}

export function isEnabled(text: string): boolean {
  return lastValue(text, 'ENABLED') === 'yes';
}

function policyOf(text: string): Ufw['byDefault'] {
  const policy = lastValue(text, 'DEFAULT_INPUT_POLICY');
  if (policy === 'accept') return 'accept';
  return policy === 'drop' || policy === 'reject' ? 'refuse' : undefined;
}

/** A shell reads these files, so the last assignment wins and a comment is none. */
function lastValue(text: string, variable: string): string | undefined {
  const assignment = new RegExp(`^[ \\t]*${variable}=["']?(\\w+)["']?[ \\t]*(?:#.*)?$`, 'gm');
  return [...text.matchAll(assignment)].at(-1)?.[1]?.toLowerCase();
}
