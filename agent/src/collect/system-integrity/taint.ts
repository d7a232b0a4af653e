import type { System } from '../system.ts';
import type { Protection } from './protection.ts';

/**
 * Documentation/admin-guide/tainted-kernels.rst, by the letters of the kernel. Those that say that somebody put something
 * of another maker into the kernel; a driver that is not free, a warning or a worn-out machine is no such thing.
 */
const changes: readonly [bit: number, letter: string][] = [
  [1, 'F module loaded by force'],
  [3, 'R module unloaded by force'],
  [8, 'A ACPI table replaced'],
  [13, 'E unsigned module'],
];

/** Whether the running kernel was changed. Modules without a signature leave no mark in a kernel that knows none. */
export async function readTaint(system: System): Promise<Protection> {
  const name = 'taint';
  const file = await system.readFile('/proc/sys/kernel/tainted');
  const digits = file.outcome === 'read' ? /^(\d{1,15})\n$/.exec(file.text)?.[1] : undefined;
  if (digits === undefined) return { name, intact: null, detail: null };
  const taint = BigInt(digits);
  const seen = changes.filter(([bit]) => (taint >> BigInt(bit)) % 2n === 1n).map(([, letter]) => letter);
  return { name, intact: seen.length === 0, detail: seen.length === 0 ? null : seen.join(', ') };
}
