import type { System } from './system.ts';

/** What the machine is when it is not a machine of its own. */
export interface Enclosure {
  kind: 'container' | 'wsl';
  /** What told it, for the method of a reading. */
  evidence: string;
}

const overlayOfContainers = /lowerdir=[^ ]*(?:\/docker\/|\/containers\/storage\/|\/containerd\/|\/crio\/|\/kubelet\/)/;
const controlGroupOfContainers = /\/(?:(?:docker|lxc|libpod|containerd|crio|buildkit)[/-]|kubepods[/.-])/;

/**
 * Whether this runs in a container or in WSL: its disks, firewall and firmware are then the host's, and
 * nothing can be said about them from here. Undefined on a machine or virtual machine of its own.
 */
export async function findEnclosure(system: System): Promise<Enclosure | undefined> {
  if (system.platform !== 'linux') return undefined;
  const text = async (path: string) => {
    const file = await system.readFile(path);
    return file.outcome === 'read' ? file.text : '';
  };
  const [release, mounts, groups, podman, docker, manager, interop] = await Promise.all([
    text('/proc/sys/kernel/osrelease'),
    text('/proc/self/mountinfo'),
    text('/proc/1/cgroup'),
    system.readFile('/run/.containerenv'),
    system.readFile('/.dockerenv'),
    text('/run/systemd/container'),
    system.list('/run/WSL'),
  ]);
  if (/microsoft/i.test(release)) return { kind: 'wsl', evidence: '/proc/sys/kernel/osrelease' };
  // With a kernel of the person's own. The environment says it too, and anybody may set that.
  if (interop !== undefined) return { kind: 'wsl', evidence: '/run/WSL' };
  if (podman.outcome !== 'absent') return { kind: 'container', evidence: '/run/.containerenv' };
  if (manager.trim() !== '') return { kind: 'container', evidence: '/run/systemd/container' };

  const root = mounts.split('\n').find((line) => line.split(' ')[4] === '/');
  if (root !== undefined && overlayOfContainers.test(root))
    return { kind: 'container', evidence: '/proc/self/mountinfo' };
  if (controlGroupOfContainers.test(groups)) return { kind: 'container', evidence: '/proc/1/cgroup' };
  // The file also stays behind where an image was unpacked onto the disk of a virtual machine.
  if (docker.outcome !== 'absent' && !isOnDisk(root)) return { kind: 'container', evidence: '/.dockerenv' };
  return undefined;
}

/** Device numbers with major 0 belong to file systems without a disk of their own. */
function isOnDisk(mount: string | undefined): boolean {
  const device = mount?.split(' ')[2];
  return device !== undefined && !device.startsWith('0:');
}
