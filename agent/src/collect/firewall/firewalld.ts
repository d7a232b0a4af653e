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
  const trusted = await Promise.all(
    interfacesOf(active.stdout, 'trusted').map((each) => system.realPath(`/sys/class/net/${each}/device`)),
  );
  const enabled = name !== 'trusted' && trusted.every((device) => device === undefined);
  return found({ enabled, provider: 'firewalld' }, 'firewall-cmd --state, --get-default-zone, --get-active-zones');
}

/** Lines of a zone's name, and below it, indented, `interfaces: eth0 eth1`. */
function interfacesOf(text: string, zone: string): string[] {
  let current = '';
  return text.split('\n').flatMap((line) => {
    // The name may have "(default)" behind it.
    if (/^\S/.test(line)) current = line.split(/\s/)[0] ?? '';
    const names = /^\s+interfaces: (.*)$/.exec(line)?.[1];
    return current === zone && names !== undefined
      ? names.split(/\s+/).filter((name) => /^[\w.:@-]{1,15}$/.test(name))
      : [];
  });
}
