import type { firewall } from '@postern/shared/checks/firewall';
import type { z } from 'zod';
import { findEnclosure } from '../container.ts';
import { found, unknown, unsupported, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { readFirewalld } from './firewalld.ts';
import { readRules } from './rules.ts';
import { readUfw } from './ufw.ts';

type Firewall = z.infer<typeof firewall.value>;

/**
 * The rules that the kernel applies decide, and only root may read them. Without root the two managers whose
 * state is public are asked; when neither vouches for a firewall there may still be one.
 */
export async function readLinux(system: System): Promise<Finding<Firewall>> {
  const enclosure = await findEnclosure(system);
  if (enclosure !== undefined) {
    return unsupported(
      'container',
      'The network is filtered by the host, which this container cannot see.',
      enclosure.evidence,
    );
  }
  const ufw = await readUfw(system);
  if (system.uid === 0) return readRules(system, ufw);
  if (ufw.enabled && ufw.loaded && ufw.byDefault !== undefined)
    return found({ enabled: ufw.byDefault === 'refuse', provider: 'ufw' }, ufw.method);

  const firewalld = await readFirewalld(system);
  if (firewalld !== undefined) return firewalld;
  if (ufw.enabled && !ufw.loaded) {
    return unknown(
      'permission-denied',
      'ufw is switched on, but its service is not running. Run “sudo ufw reload”, or let the agent run as root.',
      ufw.method,
    );
  }
  return unknown(
    'permission-denied',
    'Only root may read the firewall rules. Let the agent run as root, or use ufw or firewalld, whose state is public.',
    `${ufw.method}, firewall-cmd --state`,
  );
}
