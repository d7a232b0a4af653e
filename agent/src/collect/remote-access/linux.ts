import type { remoteAccess } from '@postern/shared/checks/remote-access';
import type { z } from 'zod';
import { findEnclosure } from '../container.ts';
import { found, unknown, unread, unsupported, type Finding } from '../finding.ts';
import { readProcesses } from '../processes.ts';
import type { System } from '../system.ts';
import { parseSockets, type Listener } from './listeners.ts';
import { sshPorts } from './sshd-ports.ts';

type RemoteAccess = z.infer<typeof remoteAccess.value>;
type Service = RemoteAccess['services'][number];

const files = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

/**
 * What listens, from the kernel's own list of sockets. Nothing is dialled: a machine that calls itself meets its own
 * firewall, and a service behind that would look off.
 */
export async function readLinux(system: System): Promise<Finding<RemoteAccess>> {
  const enclosure = await findEnclosure(system);
  if (enclosure !== undefined) {
    return unsupported('container', 'The sockets of the host cannot be seen from this container.', enclosure.evidence);
  }
  const listeners: Listener[] = [];
  for (const [index, path] of files.entries()) {
    const file = await system.readFile(path);
    // A kernel without version 6 of the protocol has no such file.
    if (file.outcome === 'absent' && index > 0) continue;
    if (file.outcome !== 'read') return unread(file, path);
    const sockets = parseSockets(file.text, index === 0 ? 8 : 32);
    if (sockets === undefined) {
      return unknown('output-unreadable', `${path} does not have the form that the kernel gives it.`, path);
    }
    listeners.push(...sockets);
  }
  const { ports, isHidden } = await sshPorts(system);
  const ssh = serviceOf('ssh', listeners, (port) => port === 22 || ports.has(port));
  if (isHidden && ssh.open !== 'anywhere' && (await mayServe(system))) {
    return unknown(
      'permission-denied',
      'sshd runs, and on which port only root may read in /etc/ssh/sshd_config. Let the agent run as root.',
      `${files.join(', ')}, /etc/ssh/sshd_config`,
    );
  }
  const services = [
    ssh,
    // GNOME takes the next ports where one is taken.
    serviceOf('rdp', listeners, (port) => port >= 3389 && port <= 3399),
    serviceOf('vnc', listeners, (port) => port >= 5900 && port <= 5999),
    serviceOf('smb', listeners, (port) => port === 445 || port === 139),
    serviceOf('nfs', listeners, (port) => port === 2049),
  ];
  return found({ services, source: 'sockets' }, files.join(', '));
}

async function mayServe(system: System): Promise<boolean> {
  const { byName, complete } = await readProcesses(system);
  return !complete || byName.has('sshd');
}

/** The most open of its sockets speaks for a service. */
function serviceOf(name: string, listeners: readonly Listener[], isOwn: (port: number) => boolean): Service {
  const own = listeners.filter(({ port }) => isOwn(port)).toSorted((left, right) => left.port - right.port);
  const open = own.find(({ isLocal }) => !isLocal);
  if (open !== undefined) return { name, open: 'anywhere', port: open.port };
  const local = own[0];
  return local === undefined ? { name, open: 'no', port: null } : { name, open: 'this-machine', port: local.port };
}
