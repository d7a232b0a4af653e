import type { CommandResult, System } from '../system.ts';
import { systemTool } from './system-root.ts';

/** The values of one registry key, by lower-case name: Windows does not tell the cases apart. */
export type RegistryValues = ReadonlyMap<string, { type: string; data: string }>;

export type KeyResult =
  | { outcome: 'read'; values: RegistryValues }
  /** reg.exe says absent and refused with one exit code, and why in the user's language only. */
  | { outcome: 'not-there' }
  | { outcome: 'unreadable' }
  | Exclude<CommandResult, { outcome: 'exited' }>;

const value = /^ {4}(.+?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/;

/** Reads what `reg query KEY` prints, or undefined where that is no key. Only the key's own values, not those of subkeys. */
export function parseRegistryKey(text: string): RegistryValues | undefined {
  const values = new Map<string, { type: string; data: string }>();
  let keys = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('HKEY_') && ++keys > 1) break;
    const [, name, type, data] = value.exec(line) ?? [];
    if (keys === 1 && name !== undefined && type !== undefined) {
      values.set(name.toLowerCase(), { type, data: (data ?? '').trim() });
    }
  }
  return keys === 0 ? undefined : values;
}

/** The values of a key, e.g. `HKCU\Control Panel\Desktop`. */
export async function readKey(system: System, key: string): Promise<KeyResult> {
  const result = await system.run(systemTool(system, 'reg.exe'), ['query', key]);
  if (result.outcome !== 'exited') return result;
  if (result.code !== 0) return { outcome: 'not-there' };
  const values = parseRegistryKey(result.stdout);
  return values === undefined ? { outcome: 'unreadable' } : { outcome: 'read', values };
}

/** Text of a value, undefined where there is none. */
export function textOf(values: RegistryValues, name: string): string | undefined {
  const data = values.get(name.toLowerCase())?.data;
  return data === '' ? undefined : data;
}

/** A number kept as a DWORD (`0x12c`) or, as the desktop settings are, as decimal text. */
export function numberOf(values: RegistryValues, name: string): number | undefined {
  const stored = values.get(name.toLowerCase());
  if (stored === undefined) return undefined;
  if (stored.type === 'REG_DWORD' && /^0x[0-9a-f]{1,8}$/i.test(stored.data)) return Number(stored.data);
  if (stored.type === 'REG_SZ' && /^\d{1,10}$/.test(stored.data)) return Number(stored.data);
  return undefined;
}
