import type { firewall } from '@postern/shared/checks/firewall';
import type { z } from 'zod';
import { found, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

const program = '/usr/bin/firewall-cmd';

/** firewalld, where it runs; undefined where it does not, or does not say. Its zone `trusted` lets everything in. */
export async function readFirewalld(system: System): Promise<Finding<z.infer<typeof firewall.value>> | undefined> {
  const state = await system.run(program, ['--state']);
  if (state.outcome !== 'exited' || state.code !== 0 || state.stdout.trim() !== 'running') return undefined;
  const zone = await system.run(program, ['--get-default-zone']);
  const name = zone.outcome === 'exited' && zone.code === 0 ? zone.stdout.trim() : '';
  if (name === '') return undefined;
  return found({ enabled: name !== 'trusted', provider: 'firewalld' }, 'firewall-cmd --state, --get-default-zone');
}
