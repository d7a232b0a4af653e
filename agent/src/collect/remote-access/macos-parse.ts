export interface Listener {
  port: number;
  /** Only programs on this Mac reach it. */
  isLocal: boolean;
}

/**
 * Reads `netstat -an -p tcp`: addresses and ports are parted by the last dot, and long addresses are cut off before
 * it ("fe80::21e:52ff:f.22"). Undefined where it is not that list, or ends in the middle of a line.
 */
export function parseNetstat(text: string): Listener[] | undefined {
  if (!/^Active Internet connections/m.test(text) || !/^Proto /m.test(text) || !text.endsWith('\n')) return undefined;
  const listeners: Listener[] = [];
  for (const line of text.split('\n')) {
    const [protocol, , , local, , state] = line.trim().split(/\s+/);
    if (!/^tcp(?:4|6|46)?$/.test(protocol ?? '') || state !== 'LISTEN') continue;
    const parts = /^(\S{1,80})\.(\d{1,5})$/.exec(local ?? '');
    const port = Number(parts?.[2]);
    // A socket whose port is not told could be any of them.
    if (parts === null || port < 1 || port > 65_535) return undefined;
    listeners.push({ port, isLocal: isLoopback(parts[1] ?? '') });
  }
  return listeners;
}

/** An address that is cut off is none of these, and so counts as one that others reach. */
function isLoopback(address: string): boolean {
  return /^127(?:\.\d{1,3}){3}$/.test(address) || address === '::1' || /^fe80::1%lo\d$/.test(address);
}

/** Reads `launchctl print-disabled system`, in which macOS writes true and false or, since 13, words. */
export function parseSwitchedOff(text: string): ReadonlyMap<string, boolean> | undefined {
  const list = /disabled services = \{\n([\s\S]*?)\n[ \t]*\}/.exec(text)?.[1];
  if (list === undefined) return undefined;
  const rows = [...list.matchAll(/^[ \t]*"([A-Za-z0-9._-]{1,200})" => (disabled|enabled|true|false)$/gm)];
  return new Map(rows.map(([, label = '', state]) => [label, state === 'disabled' || state === 'true']));
}
