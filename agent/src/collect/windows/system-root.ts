import type { System } from '../system.ts';

const fallback = 'C:\\Windows';
const absolute = /^[A-Za-z]:(?:\\[A-Za-z0-9._ -]+)+$/;

/**
 * Where Windows is installed, for the absolute paths of its own tools. The environment belongs to
 * whoever started the agent, so anything but a plain absolute path on a drive counts as not set.
 */
export function systemRoot(system: Pick<System, 'env'>): string {
  const stated = system.env['SystemRoot'] ?? system.env['SYSTEMROOT'];
  if (stated === undefined || !absolute.test(stated)) return fallback;
  const leavesItsFolder = stated.split('\\').some((segment) => /^\.+$/.test(segment));
  return leavesItsFolder ? fallback : stated;
}

/** Absolute path of one of the tools in System32, e.g. `reg.exe`. */
export function systemTool(system: Pick<System, 'env'>, name: string): string {
  return `${systemRoot(system)}\\System32\\${name}`;
}
