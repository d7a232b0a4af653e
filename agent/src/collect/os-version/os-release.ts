import type { System } from '../system.ts';

/** Reads os-release(5): assignments as a shell reads them, without expanding anything. Later ones win. */
export function parseOsRelease(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line.trim());
    const [, name, raw] = assignment ?? [];
    const value = raw === undefined ? undefined : unquote(raw);
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  return values;
}

/** Undefined when the quotes do not close: half a value is not a value. */
function unquote(raw: string): string | undefined {
  if (raw.startsWith("'")) return /^'([^']*)'$/.exec(raw)?.[1];
  if (raw.startsWith('"')) {
    return /^"((?:[^"\\]|\\.)*)"$/.exec(raw)?.[1]?.replace(/\\(["\\$`])/g, '$1');
  }
  return /["']/.test(raw) ? undefined : raw.replace(/\\(.)/g, '$1');
}

/** The system's os-release, from /etc or, where that is absent, from the vendor's copy. */
export async function readOsRelease(
  system: System,
): Promise<{ values: Map<string, string>; path: string } | undefined> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const file = await system.readFile(path);
    if (file.outcome === 'read') return { values: parseOsRelease(file.text), path };
  }
  return undefined;
}
