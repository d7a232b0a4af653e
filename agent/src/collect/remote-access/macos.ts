// Read from recorded output; not run on the system itself.
import type { remoteAccess } from '@postern/shared/checks/remote-access';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import { dictOf, switchOf } from '../macos/plist.ts';
import { readPlist } from '../macos/read-plist.ts';
import type { System } from '../system.ts';
import { parseNetstat, parseSwitchedOff, type Listener } from './macos-parse.ts';

type RemoteAccess = z.infer<typeof remoteAccess.value>;
type Service = RemoteAccess['services'][number];

const sockets = 'netstat -an -p tcp; com.apple.nat.plist';
const settings = 'launchctl print-disabled system; com.apple.nat.plist';
const nat = '/Library/Preferences/SystemConfiguration/com.apple.nat.plist';

/** `ard` is Remote Management (Apple Remote Desktop), `vnc` is Screen Sharing. launchd listens for most of them. */
const services = [
  { name: 'ssh', port: 22, label: 'com.openssh.sshd' },
  { name: 'ard', port: 3283, label: undefined },
  { name: 'vnc', port: 5900, label: 'com.apple.screensharing' },
  { name: 'smb', port: 445, label: 'com.apple.smbd' },
  { name: 'nfs', port: 2049, label: 'com.apple.nfsd' },
] as const;

/**
 * What listens, as the kernel lists it. Nothing is dialled: a Mac that calls itself meets its own firewall, and a
 * service behind that would look off. systemsetup -getremotelogin asks for an administrator, and says Off to others.
 */
export async function readMacos(system: System): Promise<Finding<RemoteAccess>> {
  const sharing = await readInternetSharing(system);
  const netstat = await system.run('/usr/sbin/netstat', ['-an', '-p', 'tcp'], { maxBytes: 2 * 1024 * 1024 });
  const listeners = netstat.outcome === 'exited' && netstat.code === 0 ? parseNetstat(netstat.stdout) : undefined;
  if (listeners !== undefined) {
    const seen = services.map(({ name, port }) => seenOn(name, port, listeners));
    return found({ services: [...seen, ...sharing], source: 'sockets' }, sockets);
  }
  const switched = await readSettings(system);
  if (switched.length > 0) return found({ services: [...switched, ...sharing], source: 'settings' }, settings);
  if (netstat.outcome !== 'exited') return { ...unanswered(netstat, 'netstat'), method: sockets };
  return unknown(
    'output-unreadable',
    'netstat did not list what listens on this Mac. Look in System Settings, General, Sharing.',
    sockets,
  );
}

/** The most open of its sockets speaks for a service. */
function seenOn(name: string, port: number, listeners: readonly Listener[]): Service {
  const own = listeners.filter((listener) => listener.port === port);
  if (own.length === 0) return { name, open: 'no', port: null };
  return { name, open: own.some(({ isLocal }) => !isLocal) ? 'anywhere' : 'this-machine', port };
}

/** Where the sockets are not told: what somebody has switched on or off. What nobody has is left out. */
async function readSettings(system: System): Promise<Service[]> {
  const result = await system.run('/bin/launchctl', ['print-disabled', 'system']);
  const off = result.outcome === 'exited' && result.code === 0 ? parseSwitchedOff(result.stdout) : undefined;
  return services.flatMap(({ name, port, label }): Service[] => {
    const isOff = label === undefined ? undefined : off?.get(label);
    if (isOff === undefined) return [];
    return [isOff ? { name, open: 'no', port: null } : { name, open: 'anywhere', port }];
  });
}

/** Lets others use this Mac's way into the internet. Without the file nobody ever has; what cannot be read is left out. */
async function readInternetSharing(system: System): Promise<Service[]> {
  const name = 'internet-sharing';
  const file = await readPlist(system, nat);
  if (file.outcome === 'absent') return [{ name, open: 'no', port: null }];
  if (file.outcome !== 'read') return [];
  const enabled = dictOf(dictOf(file.value)?.get('NAT'))?.get('Enabled');
  const isOn = enabled === undefined ? false : switchOf(enabled);
  return isOn === undefined ? [] : [{ name, open: isOn ? 'anywhere' : 'no', port: null }];
}
