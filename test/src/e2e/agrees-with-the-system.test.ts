import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { Agent } from '../support/enrolled-agent.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The tools of util-linux find the same things another way: through libmount, libblkid and a shell. What they say of this
// very computer must be what the agent says of it.

const skip = process.platform === 'linux' ? false : 'findmnt and lsblk are tools of Linux';

const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { encoding: 'utf8', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' } });

const readingSchema = z.looseObject({
  status: z.enum(['ok', 'unknown', 'unsupported']),
  reason: z.string().optional(),
});
const volumesSchema = z.object({
  state: z.enum(['full', 'enabled', 'partial', 'none']),
  volumes: z.array(z.object({ mount: z.string(), encrypted: z.boolean().nullable() })),
});
type DiskReading = z.infer<typeof readingSchema> & { value?: unknown };

async function readingOf(t: { after(clean: () => void): void }, check: string): Promise<DiskReading> {
  const agent = new Agent({ POSTERN_AGENT_DATA: temporaryFolder(t, 'agent') });
  const { code, answer, stderr } = await agent.json<{ readings: Record<string, unknown> }>([
    'check',
    '--only',
    check,
    '--json',
  ]);
  assert.equal(code, 0, stderr);
  return readingSchema.parse(answer.readings[check]);
}

const nodeSchema = z.object({ type: z.string(), 'maj:min': z.string(), rm: z.boolean(), tran: z.string().nullable() });
type Node = z.infer<typeof nodeSchema> & { children?: Node[] | undefined };
const treeSchema: z.ZodType<Node> = nodeSchema.extend({ children: z.lazy(() => z.array(treeSchema)).optional() });

/** A device with what it is made of as its children; undefined where lsblk knows no such device. */
function deviceTree(device: string): Node | undefined {
  const listed = run('lsblk', '--json', '--all', '--inverse', '--output', 'TYPE,MAJ:MIN,RM,TRAN');
  const { blockdevices } = z.object({ blockdevices: z.array(treeSchema) }).parse(JSON.parse(listed));
  const find = (nodes: readonly Node[]): Node | undefined => {
    for (const node of nodes) {
      const found = node['maj:min'] === device ? node : find(node.children ?? []);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return find(blockdevices);
}

/** Every way down to a disk goes through a crypt device. */
function isEncrypted({ type, children = [] }: Node): boolean {
  if (type === 'crypt') return true;
  return children.length > 0 && children.every(isEncrypted);
}

function disksOf(node: Node): Node[] {
  return node.children === undefined || node.children.length === 0 ? [node] : node.children.flatMap(disksOf);
}

interface Mount {
  target: string;
  device: string;
  type: string;
  isWritable: boolean;
}

const mountSchema = z.object({
  target: z.string(),
  'maj:min': z.string(),
  fstype: z.string(),
  'fs-options': z.string().nullable(),
});

function mounts(): Mount[] {
  const listed = run('findmnt', '--kernel', '--json', '--list', '--output', 'TARGET,MAJ:MIN,FSTYPE,FS-OPTIONS');
  const { filesystems } = z.object({ filesystems: z.array(mountSchema) }).parse(JSON.parse(listed));
  return filesystems.map((each) => ({
    target: each.target,
    device: each['maj:min'],
    type: each.fstype,
    isWritable: (each['fs-options'] ?? '').split(',').includes('rw'),
  }));
}

/** What says so besides the files that the agent looks at first. */
function looksLikeContainer(root: Mount | undefined): boolean {
  const groups = existsSync('/proc/1/cgroup') ? readFileSync('/proc/1/cgroup', 'utf8') : '';
  return (
    root?.type === 'overlay' ||
    existsSync('/.dockerenv') ||
    existsSync('/run/.containerenv') ||
    existsSync('/run/systemd/container') ||
    /microsoft/i.test(run('uname', '-r')) ||
    /docker|lxc|kubepods|containerd|libpod|crio/.test(groups)
  );
}

describe('the agent agrees with this computer', { skip }, () => {
  test('about the system: a shell reads os-release, uname names the kernel', async (t) => {
    const script = '. /etc/os-release; printf "%s\\n" "${ID:-linux}" "${PRETTY_NAME:-${NAME:-Linux}}" "${VERSION_ID-}"';
    const [id, name, version] = run('sh', '-c', script).split('\n');
    const reading = await readingOf(t, 'os-version');
    assert.equal(reading.status, 'ok');
    const value = z
      .looseObject({ id: z.string(), name: z.string(), version: z.string().nullable(), build: z.string() })
      .parse(reading.value);
    assert.deepEqual(
      [value.id, value.name, value.version ?? '', value.build],
      [id, name, version, run('uname', '-r').trim()],
    );
  });

  test('about the disks: findmnt lists the mounts, lsblk what they are made of, swapon the swap', async (t) => {
    const all = mounts();
    const root = all.findLast(({ target }) => target === '/');
    assert.ok(root !== undefined, 'findmnt knows what is mounted on /');
    const reading = await readingOf(t, 'disk-encryption');

    if (reading.status === 'unsupported') {
      assert.equal(reading.reason, 'container');
      assert.ok(looksLikeContainer(root), `no container: / is ${root.type} on ${root.device}`);
      return;
    }
    const onDisk = (mount: Mount) => !mount.device.startsWith('0:');
    if (reading.status === 'unknown') {
      // Then / lies on no device that could be followed: on a share, in memory, or where lsblk finds none either.
      assert.ok(
        !onDisk(root) || deviceTree(root.device) === undefined,
        `${root.type} on ${root.device} can be followed`,
      );
      return;
    }

    const value = volumesSchema.parse(reading.value);
    const [first] = value.volumes;
    if (onDisk(root)) {
      const tree = deviceTree(root.device);
      assert.ok(tree !== undefined);
      assert.deepEqual(first, { ...first, mount: '/', encrypted: isEncrypted(tree) });
      assert.equal(value.state === 'none', !isEncrypted(tree));
    }
    // Whatever else is told of a disk is so.
    for (const { mount, encrypted } of value.volumes.filter(({ mount }) => !mount.startsWith('swap '))) {
      const mounted = all.findLast(({ target }) => target === mount);
      assert.ok(mounted !== undefined, `${mount} is mounted`);
      const tree = onDisk(mounted) ? deviceTree(mounted.device) : undefined;
      if (tree !== undefined && encrypted !== null) assert.equal(encrypted, isEncrypted(tree), mount);
    }
    // And what is on a fixed disk is told.
    const told = new Set(
      value.volumes.flatMap(({ mount }) => all.filter(({ target }) => target === mount)).map(({ device }) => device),
    );
    const images = new Set(['squashfs', 'erofs', 'iso9660', 'udf', 'cramfs']);
    for (const mount of all) {
      if (!onDisk(mount) || !mount.isWritable || images.has(mount.type) || /^\/(?:boot|efi)(?:\/|$)/.test(mount.target))
        continue;
      const tree = deviceTree(mount.device);
      const disks = tree === undefined ? [] : disksOf(tree);
      const isFixed = disks.length > 0 && disks.every(({ type, rm, tran }) => type === 'disk' && !rm && tran !== 'usb');
      if (isFixed) assert.ok(told.has(mount.device), `${mount.target} on ${mount.device} is told`);
    }
    const swaps = run('swapon', '--show=NAME', '--noheadings', '--raw')
      .split('\n')
      .filter((name) => name !== '');
    const toldSwaps = value.volumes.flatMap(({ mount }) => (mount.startsWith('swap ') ? [mount.slice(5)] : []));
    const isMemory = (name: string) => name.startsWith('/dev/zram');
    assert.deepEqual(
      toldSwaps.filter((name) => !isMemory(name)).sort(),
      swaps.filter((name) => !isMemory(name)).sort(),
    );
  });

  test('about the firmware: there is secure boot to judge only where the kernel was started by EFI', async (t) => {
    const reading = await readingOf(t, 'secure-boot');
    if (existsSync('/sys/firmware') && !existsSync('/sys/firmware/efi')) assert.equal(reading.status, 'unsupported');
    else assert.notEqual(reading.reason, 'hardware-absent');
  });
});
