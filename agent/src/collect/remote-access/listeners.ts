/** A TCP socket that waits for connections. */
export interface Listener {
  port: number;
  /** Only programs of this machine can connect to it. */
  isLocal: boolean;
}

const listening = '0A';

/** Reads proc_net(5) `tcp` and `tcp6`. Undefined where it is something else, or was cut off. */
export function parseSockets(text: string, addressDigits?: 8 | 32): Listener[] | undefined {
  const lines = text.split('\n');
  if (!/^\s*sl\s+local_address\s.{20,300}\sinode *$/.test(lines[0] ?? '') || lines.at(-1) !== '') return undefined;
  const listeners: Listener[] = [];
  for (const line of lines.slice(1, -1)) {
    const match = /^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]{8,32}:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(
      line,
    );
    const [, address, port, state] = match ?? [];
    // Two numbers of lines in one: the end between them was lost.
    if (address === undefined || port === undefined || line.split(': ').length !== 2) return undefined;
    if (addressDigits !== undefined && address.length !== addressDigits) return undefined;
    if (state === listening) listeners.push({ port: Number.parseInt(port, 16), isLocal: isLoopback(address) });
  }
  return listeners;
}

/**
 * 127.0.0.0/8 and ::1. Each four bytes stand in the order of the processor, which is the reverse on all that Postern runs
 * on; elsewhere an address of this machine would count as one of the outside, which is the safe mistake.
 */
function isLoopback(address: string): boolean {
  const isV4 = address.length === 8 || address.startsWith('0000000000000000FFFF0000');
  return isV4 ? address.endsWith('7F') : address === '00000000000000000000000001000000';
}
