import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskEncryption } from '@postern/shared/checks/disk-encryption';
import fc from 'fast-check';
import { valueOf } from '../testing/assert-finding.ts';
import { recordedSystem } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';
import { DiskStack } from './testing/disk-stack.ts';

/** What a volume is made of, without any of the names and numbers of sysfs. */
type Plan =
  | { layer: 'disk' }
  | { layer: 'partition'; on: [Plan] }
  | { layer: 'luks' | 'dm-crypt' | 'verity' | 'integrity'; on: [Plan] }
  | { layer: 'lvm' | 'raid'; on: Plan[] };

const { plan } = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.constant<Plan>({ layer: 'disk' }),
    fc.constant<Plan>({ layer: 'partition', on: [{ layer: 'disk' }] }),
    fc.record({ layer: fc.constantFrom('luks', 'dm-crypt', 'verity', 'integrity'), on: fc.tuple(tie('plan')) }),
    fc.record({ layer: fc.constantFrom('lvm', 'raid'), on: fc.array(tie('plan'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

/** The oracle: by the definition, and without a look at how the collector walks. */
function reachesDiskEncrypted(volume: Plan): boolean {
  if (volume.layer === 'disk') return false;
  if (volume.layer === 'luks' || volume.layer === 'dm-crypt') return true;
  return volume.on.every(reachesDiskEncrypted);
}

function build(stack: DiskStack, volume: Plan): string {
  switch (volume.layer) {
    case 'disk':
      return stack.disk();
    case 'partition':
      return stack.partition(build(stack, volume.on[0]));
    case 'luks':
      return stack.luks(build(stack, volume.on[0]));
    case 'dm-crypt':
      return stack.luks(build(stack, volume.on[0]), 'PLAIN');
    case 'verity':
      return stack.verity(build(stack, volume.on[0]));
    case 'integrity':
      return stack.integrity(build(stack, volume.on[0]));
    case 'lvm':
      return stack.lvm(...volume.on.map((part) => build(stack, part)));
    case 'raid':
      return stack.raid(...volume.on.map((part) => build(stack, part)));
  }
}

interface MachinePlan {
  root: Plan;
  home: Plan | null;
  swap: Plan | null;
  pool: Plan[] | null;
}

/** Half of them encrypted at the top, or a machine that is so throughout would hardly ever come up. */
const volume = fc.oneof(
  plan,
  plan.map((inner): Plan => ({ layer: 'luks', on: [inner] })),
);
const machine: fc.Arbitrary<MachinePlan> = fc.record({
  root: volume,
  home: fc.option(volume),
  swap: fc.option(volume),
  pool: fc.option(fc.array(volume, { minLength: 1, maxLength: 3 })),
});

function expected({ root, home, swap, pool }: MachinePlan): 'full' | 'partial' | 'none' {
  if (!reachesDiskEncrypted(root)) return 'none';
  const others = [home, swap, ...(pool ?? [])].filter((part) => part !== null);
  return others.every(reachesDiskEncrypted) ? 'full' : 'partial';
}

test('whatever disks are stacked how, the answer is that of the definition', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(machine, async (planned) => {
      const stack = new DiskStack();
      stack.mount('/', build(stack, planned.root));
      if (planned.home !== null) stack.mount('/home', build(stack, planned.home));
      if (planned.swap !== null) stack.swap(build(stack, planned.swap));
      if (planned.pool !== null) stack.btrfs(['/data'], ...planned.pool.map((part) => build(stack, part)));
      const system = recordedSystem({ platform: 'linux', ...stack.recording() });
      const { state } = valueOf(await readLinux(system), diskEncryption);
      assert.equal(state, expected(planned));
      seen.add(state);
    }),
    { numRuns: 300 },
  );
  assert.deepEqual([...seen].sort(), ['full', 'none', 'partial'], 'each answer came up');
});

test('a part of sysfs that is missing never makes a machine more encrypted than it is', async () => {
  await fc.assert(
    fc.asyncProperty(machine, fc.nat(), async (planned, choice) => {
      const stack = new DiskStack();
      stack.mount('/', build(stack, planned.root));
      if (planned.home !== null) stack.mount('/home', build(stack, planned.home));
      const { files, links, dirs } = stack.recording();
      const targets = Object.keys(links).filter(
        (path) => path.includes('/slaves/') || path.startsWith('/sys/dev/block/'),
      );
      const lost = targets[choice % targets.length] ?? '';
      const rest = Object.fromEntries(Object.entries(links).filter(([path]) => path !== lost));
      const finding = await readLinux(recordedSystem({ platform: 'linux', files, dirs, links: rest }));
      if (finding.status !== 'ok') return;
      const truth = expected({ ...planned, swap: null, pool: null });
      // `enabled` says of itself that something could not be looked at.
      const allowed = { none: ['none'], partial: ['partial', 'enabled'], full: ['full', 'enabled'] }[truth];
      assert.ok(allowed.includes(finding.value.state), `${finding.value.state} for ${truth}`);
    }),
    { numRuns: 200 },
  );
});
