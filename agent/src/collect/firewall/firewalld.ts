import type { firewall } from '@postern/shared/checks/firewall';
import type { z } from 'zod';
import { found, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

const program = '/usr/bin/firewall-cmd';

/**
 * firewalld, where it runs; undefined where it does not, or does not say. Its zone `trusted` lets everything in, and an
 * interface may be in it whatever zone is the default. One that no device is behind (a tunnel, a bridge) is not looked at.
 */
export async function readFirewalld(system: System): Promise<Finding<z.infer<typeof firewall.value>> | undefined> {
  const state = await system.run(program, ['--state']);
  if (state.outcome !== 'exited' || state.code !== 0 || state.stdout.trim() !== 'running') return undefined;
  const zone = await system.run(program, ['--get-default-zone']);
  const name = zone.outcome === 'exited' && zone.code === 0 ? zone.stdout.trim() : '';
  if (name === '') return undefined;
  const active = await system.run(program, ['--get-active-zones']);
  if (active.outcome !== 'exited' || active.code !== 0) return undefined;
  const interfaces = interfacesOf(active.stdout, 'trusted');
  if (interfaces === undefined) return undefined;
  const trusted = await Promise.all(interfaces.map((each) => system.realPath(`/sys/class/net/${each}/device`)));
  const enabled = name !== 'trusted' && trusted.every((device) => device === undefined);
  return found({ enabled, provider: 'firewalld' }, 'firewall-cmd --state, --get-default-zone, --get-active-zones');
}

/**
 * Lines of a zone's name, and below it, indented, `interfaces: eth0 eth1`. Undefined where it holds anything else: the
 * line that was spoilt may be the one about the zone.
 */
function interfacesOf(text: string, zone: string): string[] | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '' || /[^\n\x20-\x7e]/.test(text)) return undefined;
  const found: string[] = [];
  let current: string | undefined;
  let isEmpty = false;
  for (const line of lines) {
    // "(default)" may stand behind the name, and policies have their own words below theirs.
    const heading = /^([A-Za-z0-9_][\w/-]{0,31})(?: \([a-z, ]{1,30}\))?$/.exec(line.trimEnd())?.[1];
    if (heading !== undefined) {
      // A zone is active by what is bound to it.
      if (isEmpty) return undefined;
      current = heading;
      isEmpty = true;
      continue;
    }
    const [, what, words] = /^ {1,8}([a-z-]{1,20}): ?(.*)$/.exec(line.trimEnd()) ?? [];
    if (current === undefined || what === undefined) return undefined;
    isEmpty = false;
    const names = (words ?? '').split(' ').filter((word) => word !== '');
    if (what !== 'interfaces') continue;
    if (!names.every((name) => /^[\w.:@+-]{1,15}$/.test(name))) return undefined;
    if (current === zone) found.push(...names);
  }
  return isEmpty ? undefined : found;
}
