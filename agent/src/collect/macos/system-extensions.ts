// Read from recorded output; not run on the system itself.
import { unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

export interface SystemExtension {
  /** `endpoint_security`, `network_extension`, `driver_extension`. */
  category: string;
  teamId: string;
  bundleId: string;
  /** `activated enabled`, `activated waiting for user`, `terminated waiting to uninstall on reboot`. */
  state: string;
}

const method = 'systemextensionsctl list';

/**
 * Reads `systemextensionsctl list`. Columns are parted by tabs; the version in the fourth may hold spaces and
 * brackets. Undefined where it holds fewer rows than it announces, or anything that is not known.
 */
export function parseSystemExtensions(text: string): SystemExtension[] | undefined {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const announced = /^(\d{1,4}) extension\(s\)$/.exec(lines[0] ?? '')?.[1];
  if (announced === undefined || !text.endsWith('\n')) return undefined;
  const extensions: SystemExtension[] = [];
  let category: string | undefined;
  for (const line of lines.slice(1)) {
    if (line === '' || line.startsWith('enabled\tactive\t')) continue;
    const heading = /^--- com\.apple\.system_extension\.([a-z_]{1,40})\b/.exec(line)?.[1];
    if (heading !== undefined) {
      category = heading;
      continue;
    }
    const [, , teamId = '', bundle = '', ...rest] = line.split('\t');
    const bundleId = /^([A-Za-z0-9.-]{1,155}) \(/.exec(bundle)?.[1];
    const state = /^\[([a-z ]{1,60})\]$/.exec(rest.at(-1) ?? '')?.[1];
    // Ten characters; what is a part of macOS has none.
    if (!/^(?:[A-Z0-9]{10}|-|\(null\))?$/.test(teamId)) return undefined;
    if (category === undefined || bundleId === undefined || state === undefined) return undefined;
    extensions.push({ category, teamId, bundleId, state });
  }
  return extensions.length < Number(announced) ? undefined : extensions;
}

/** What has been installed into the system to watch or to filter it. Needs no rights. */
export async function listSystemExtensions(system: System): Promise<SystemExtension[] | Finding<never>> {
  const result = await system.run('/usr/bin/systemextensionsctl', ['list']);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'systemextensionsctl'), method };
  const extensions = result.code === 0 ? parseSystemExtensions(result.stdout) : undefined;
  return (
    extensions ??
    unknown(
      'output-unreadable',
      'macOS did not list its system extensions. Run systemextensionsctl list in Terminal and compare.',
      method,
    )
  );
}
