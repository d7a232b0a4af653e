import type { System } from '../system.ts';

const main = '/etc/ssh/sshd_config';
const folder = `${main}.d`;

export interface SshPorts {
  ports: ReadonlySet<number>;
  /** Some of it may not be read by this user, and may name others: Fedora lets only root read it. */
  isHidden: boolean;
}

/** Ports that sshd_config(5) names beside the usual one. */
export async function sshPorts(system: System): Promise<SshPorts> {
  const names = await system.list(folder);
  const more = (names ?? []).filter((name) => name.endsWith('.conf'));
  const files = await Promise.all(
    [main, ...more.map((name) => `${folder}/${name}`)].map((path) => system.readFile(path)),
  );
  const isClosed = names === undefined && (await system.realPath(folder)) !== undefined;
  return {
    ports: new Set(files.flatMap((file) => (file.outcome === 'read' ? portsIn(file.text) : []))),
    isHidden: isClosed || files.some(({ outcome }) => outcome === 'refused' || outcome === 'failed'),
  };
}

function portsIn(text: string): number[] {
  const ports = [...text.matchAll(/^[ \t]*(?:Port[ \t=]+"?|ListenAddress[ \t=]+\S+:)(\d{1,5})\b/gim)];
  return ports.map(([, port]) => Number(port)).filter((port) => port > 0 && port < 65_536);
}
