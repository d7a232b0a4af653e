export interface Listener {
  port: number;
  /** Only programs on this Mac reach it. */
  isLocal: boolean;
}

/** Of a connection, as netstat(1) names them. */
const states = new Set(
  'LISTEN ESTABLISHED SYN_SENT SYN_RCVD CLOSE_WAIT FIN_WAIT_1 FIN_WAIT_2 LAST_ACK TIME_WAIT CLOSING CLOSED'.split(' '),
);

/**
 * Reads `netstat -an -p tcp`: addresses and ports are parted by the last dot, and long addresses are cut off before
 * it ("fe80::21e:52ff:f.22"). Undefined where it is not that list, or ends in the middle of a line.
 */
export function parseNetstat(text: string): Listener[] | undefined {
  if (!/^Active Internet connections/m.test(text) || !/^Proto /m.test(text) || !text.endsWith('\n')) return undefined;
  if (/[^\n\t\x20-\x7e]/.test(text)) return undefined;
  const listeners: Listener[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || /^(?:Active [A-Za-z ]{1,60}(?:\([a-z ]{1,40}\))?|Proto .{1,120}\(state\)[ \t]*)$/.test(line))
      continue;
    const [protocol, , , local, , state, ...more] = line.trim().split(/\s+/);
    // A line that was spoilt, or that ran into the next, could be one that listens.
    const isLine = /^tcp(?:4|6|46)?$/.test(protocol ?? '') && states.has(state ?? '');
    if (!isLine || more.some((word) => word.includes('tcp'))) return undefined;
    if (state !== 'LISTEN') continue;
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
