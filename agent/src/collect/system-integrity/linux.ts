import type { systemIntegrity } from '@postern/shared/checks/system-integrity';
import type { z } from 'zod';
import { findEnclosure } from '../container.ts';
import { found, unknown, unsupported, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import type { Protection } from './protection.ts';
import { readTaint } from './taint.ts';

const securityfs = '/sys/kernel/security';
const lockdownFile = `${securityfs}/lockdown`;
const enforcementFile = '/sys/module/module/parameters/sig_enforce';
const method = `${lockdownFile}, ${enforcementFile}, /proc/sys/kernel/tainted`;
const modes = ['none', 'integrity', 'confidentiality'] as const;

/** What keeps root from changing the running kernel, and whether somebody has done it since the machine was started. */
export async function readLinux(system: System): Promise<Finding<z.infer<typeof systemIntegrity.value>>> {
  const enclosure = await findEnclosure(system);
  if (enclosure !== undefined) {
    return unsupported('container', 'The kernel belongs to the host of this container.', enclosure.evidence);
  }
  const lockdown = await readLockdown(system);
  const protections = [lockdown, await readModuleSignatures(system, lockdown), await readTaint(system)];
  if (protections.every(({ intact }) => intact === null)) {
    return unknown(
      'no-data',
      'The kernel tells nothing of its protections. Mount /proc, /sys and /sys/kernel/security.',
      method,
    );
  }
  return found({ protections }, method);
}

/** kernel_lockdown(7): `none [integrity] confidentiality`, the mode that holds in brackets. */
async function readLockdown(system: System): Promise<Protection> {
  const name = 'lockdown';
  const file = await system.readFile(lockdownFile);
  if (file.outcome === 'read') {
    const mode = modes.find((each) => file.text.trim().split(' ').includes(`[${each}]`));
    return { name, intact: mode === undefined ? null : mode !== 'none', detail: mode ?? null };
  }
  // Other security modules have their files here, so that a folder with some shows that this one is not in the kernel.
  const others = file.outcome === 'absent' ? ((await system.list(securityfs)) ?? []) : [];
  return others.length > 0
    ? { name, intact: false, detail: 'not in this kernel' }
    : { name, intact: null, detail: null };
}

/** Whether a module without a valid signature is turned away: always, or because of lockdown, or because no module is loaded any more. */
async function readModuleSignatures(system: System, lockdown: Protection): Promise<Protection> {
  const name = 'module-signatures';
  if (lockdown.intact === true) return { name, intact: true, detail: 'by lockdown' };
  const [enforced, closed, modules] = await Promise.all([
    system.readFile(enforcementFile),
    system.readFile('/proc/sys/kernel/modules_disabled'),
    system.readFile('/proc/modules'),
  ]);
  if (closed.outcome === 'read' && closed.text.trim() === '1')
    return { name, intact: true, detail: 'modules disabled' };
  if (enforced.outcome === 'read') {
    const answer = { Y: true, N: false }[enforced.text.trim()] ?? null;
    return { name, intact: answer, detail: answer === true ? 'enforced' : answer === false ? 'not enforced' : null };
  }
  // The kernel lists its modules and does not know the switch: it was built without signatures.
  return enforced.outcome === 'absent' && modules.outcome === 'read' && closed.outcome === 'read'
    ? { name, intact: false, detail: 'not in this kernel' }
    : { name, intact: null, detail: null };
}
