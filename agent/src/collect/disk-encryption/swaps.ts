import type { System } from '../system.ts';
import { notKnown, protectionOf, type Protection } from './block-device.ts';
import { deviceOfNode, protectionOfMount } from './file-system-devices.ts';
import { mountOf, unescapeOctal, type Mount } from './mountinfo.ts';

export interface Swap {
  path: string;
  protection: Protection;
}

/** Reads /proc/swaps without swap in compressed memory, which reaches no disk. */
function parseSwaps(text: string): { path: string; isFile: boolean }[] {
  return text.split('\n').flatMap((line) => {
    const [path, type] = line.split(/\s+/);
    if (path?.startsWith('/') !== true || /^\/dev\/zram\d/.test(path)) return [];
    return [{ path: unescapeOctal(path), isFile: type === 'file' }];
  });
}

/** Where memory is written to: a swap file is as well kept as the volume that it lies on. Undefined: not told. */
export async function readSwaps(system: System, mounts: readonly Mount[]): Promise<Swap[] | undefined> {
  const file = await system.readFile('/proc/swaps');
  // A kernel without swap has no such file.
  if (file.outcome !== 'read') return file.outcome === 'absent' ? [] : undefined;
  const swaps: Swap[] = [];
  for (const { path, isFile } of parseSwaps(file.text)) {
    swaps.push({ path, protection: isFile ? await ofFile(system, path, mounts) : await ofDevice(system, path) });
  }
  return swaps;
}

async function ofFile(system: System, path: string, mounts: readonly Mount[]): Promise<Protection> {
  const mount = mountOf(path, mounts);
  return mount === undefined ? notKnown : protectionOfMount(system, mount);
}

async function ofDevice(system: System, path: string): Promise<Protection> {
  return protectionOf(system, await deviceOfNode(system, path));
}
