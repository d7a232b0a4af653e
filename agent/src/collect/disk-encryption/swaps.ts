import type { System } from '../system.ts';
import { notKnown, protectionOf, type Protection } from './block-device.ts';
import { deviceOfNode, protectionOfMount } from './file-system-devices.ts';
import { mountOf, unescapeOctal, type Mount } from './mountinfo.ts';

export interface Swap {
  path: string;
  protection: Protection;
}

/** Reads /proc/swaps. Undefined where it has not the form that the kernel gives it: a line may be missing. */
export function parseSwaps(text: string): { path: string; isFile: boolean }[] | undefined {
  const lines = text.split('\n');
  if (!/^Filename[ \t]+Type[ \t]+Size[ \t]+Used[ \t]+Priority[ \t]*$/.test(lines[0] ?? '') || lines.pop() !== '')
    return undefined;
  const swaps = lines.slice(1).map((line) => /^(\/\S*)\s+(partition|file)\s+\d+\s+\d+\s+-?\d+$/.exec(line));
  if (swaps.includes(null)) return undefined;
  return swaps.map((swap) => ({ path: unescapeOctal(swap?.[1] ?? ''), isFile: swap?.[2] === 'file' }));
}

/** Where memory is written to: a swap file is as well kept as the volume that it lies on. Undefined: not told. */
export async function readSwaps(system: System, mounts: readonly Mount[]): Promise<Swap[] | undefined> {
  const file = await system.readFile('/proc/swaps');
  // A kernel without swap has no such file.
  if (file.outcome !== 'read') return file.outcome === 'absent' ? [] : undefined;
  const listed = parseSwaps(file.text);
  if (listed === undefined) return undefined;
  const swaps: Swap[] = [];
  for (const { path, isFile } of listed) {
    const memory = /^\/dev\/(zram\d+)$/.exec(path)?.[1];
    if (memory !== undefined) {
      const protection = await ofBackingDevice(system, memory, mounts);
      if (protection !== undefined) swaps.push({ path, protection });
      continue;
    }
    swaps.push({ path, protection: isFile ? await ofFile(system, path, mounts) : await ofDevice(system, path) });
  }
  return swaps;
}

/** Compressed memory reaches no disk, unless it was given one for what is rarely used: writeback. */
async function ofBackingDevice(
  system: System,
  device: string,
  mounts: readonly Mount[],
): Promise<Protection | undefined> {
  const file = await system.readFile(`/sys/block/${device}/backing_dev`);
  // A kernel without writeback has no such file.
  if (file.outcome === 'absent') return undefined;
  const path = file.outcome === 'read' ? file.text.trim() : '';
  if (path === 'none') return undefined;
  if (!path.startsWith('/')) return notKnown;
  return path.startsWith('/dev/') ? ofDevice(system, path) : ofFile(system, path, mounts);
}

async function ofFile(system: System, path: string, mounts: readonly Mount[]): Promise<Protection> {
  const mount = mountOf(path, mounts);
  return mount === undefined ? notKnown : protectionOfMount(system, mount);
}

async function ofDevice(system: System, path: string): Promise<Protection> {
  return protectionOf(system, await deviceOfNode(system, path));
}
