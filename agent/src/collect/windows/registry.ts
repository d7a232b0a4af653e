import { holdsStrange } from '../strange-characters.ts';
import type { CommandResult, System } from '../system.ts';
import { systemTool } from './system-root.ts';

/** The values of one registry key, by lower-case name: Windows does not tell the cases apart. */
export type RegistryValues = ReadonlyMap<string, { type: string; data: string }>;

export type KeyResult =
  | { outcome: 'read'; values: RegistryValues; subkeys: ReadonlySet<string> }
  /** reg.exe says absent and refused with one exit code, and why in the user's language only. */
  | { outcome: 'not-there' }
  | { outcome: 'unreadable' }
  | Exclude<CommandResult, { outcome: 'exited' }>;

const value =
  /^ {4}(.+?) {4}(REG_(?:SZ|EXPAND_SZ|MULTI_SZ|DWORD|DWORD_[A-Z_]{1,20}|QWORD|BINARY|NONE|LINK|[A-Z_]{1,30}_(?:LIST|DESCRIPTOR)))(?: {4}(.*))?$/;
const hives: Record<string, string> = { HKLM: 'HKEY_LOCAL_MACHINE', HKCU: 'HKEY_CURRENT_USER' };

/**
 * Reads what `reg query KEY` prints, or undefined where that is no key or only a part of one. Only the key's
 * own values, not those of subkeys. An empty line ends the values: without it some of them are missing, and a
 * number may have lost its last digits.
 */
export function parseRegistryKey(text: string): RegistryValues | undefined {
  const lines = text.split(/\r?\n/);
  if (lines.pop() !== '') return undefined;
  const first = lines.findIndex((line) => line.startsWith('HKEY_'));
  if (first === -1 || lines.slice(0, first).some((line) => line.trim() !== '')) return undefined;
  const next = lines.findIndex((line, at) => at > first && line.startsWith('HKEY_'));
  const own = lines.slice(first + 1, next === -1 ? undefined : next);

  const values = new Map<string, { type: string; data: string }>();
  for (const line of own) {
    const [, name, type, data] = value.exec(line) ?? [];
    if (name === undefined || type === undefined) {
      // Text of several lines goes on below its first one, and is let pass; what begins like a value is one that was spoilt.
      if (line.startsWith('    ') || line.includes('    REG_')) return undefined;
      continue;
    }
    // It may be the name that is looked for, spoilt.
    if (holdsStrange(name)) return undefined;
    values.set(name.toLowerCase(), { type, data: (data ?? '').trim() });
  }
  return values.size > 0 && own.at(-1) !== '' ? undefined : values;
}

/** Names, in lower case, of the keys directly below one, from what `reg query KEY` prints. */
export function parseSubkeys(text: string, key: string): Set<string> {
  const prefix = `${fullName(key)}\\`;
  const names = text
    .split(/\r?\n/)
    .map((line) => line.toLowerCase())
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(prefix.length));
  return new Set(names.filter((name) => name !== '' && !name.includes('\\')));
}

function fullName(key: string): string {
  const [hive = '', ...path] = key.split('\\');
  return [hives[hive] ?? hive, ...path].join('\\').toLowerCase();
}

/** The key itself is named where it has values. Its name, and then nothing at all, is a part of an answer. */
function endsAfterName(text: string, key: string): boolean {
  return text.trim().toLowerCase() === fullName(key) && !/\n\r?\n$/.test(text);
}

/** The values of a key and the names below it, e.g. `HKCU\Control Panel\Desktop`. */
export async function readKey(system: System, key: string): Promise<KeyResult> {
  const result = await query(system, key);
  if (result.outcome !== 'exited') return result;
  if (isNotThere(result)) return { outcome: 'not-there' };
  if (result.code !== 0 || endsAfterName(result.stdout, key) || !isAbout(result.stdout, key)) {
    return { outcome: 'unreadable' };
  }
  const values = parseRegistryKey(result.stdout);
  if (values !== undefined) return { outcome: 'read', values, subkeys: parseSubkeys(result.stdout, key) };
  return result.stdout.trim() === '' ? readEmptyKey(system, key) : { outcome: 'unreadable' };
}

/** One value of a key and no other: what stands beside it may be a secret. */
export async function readValue(system: System, key: string, name: string): Promise<KeyResult> {
  const result = await query(system, key, '/v', name);
  if (result.outcome !== 'exited') return result;
  if (isNotThere(result)) return { outcome: 'not-there' };
  const values = result.code === 0 && isAbout(result.stdout, key) ? parseRegistryKey(result.stdout) : undefined;
  return values?.has(name.toLowerCase()) === true
    ? { outcome: 'read', values, subkeys: new Set() }
    : { outcome: 'unreadable' };
}

/** The one code that it ends with where something is absent or refused; it then prints its sentence on stderr alone. */
function isNotThere({ code, stdout }: { code: number; stdout: string }): boolean {
  return code === 1 && stdout.trim() === '';
}

/** Whether every key that is named is the one that was asked for, or below it, and each once. Nothing else follows the first below. */
function isAbout(text: string, key: string): boolean {
  const name = fullName(key);
  const lines = text.toLowerCase().split(/\r?\n/);
  const named = lines.filter((line) => line.startsWith('hkey_'));
  const isOwn = (line: string) => (line === name || line.startsWith(`${name}\\`)) && !holdsStrange(line);
  const below = lines.findIndex((line) => line.startsWith(`${name}\\`));
  const isRest = (line: string) => line === '' || line.startsWith('hkey_');
  return named.every(isOwn) && new Set(named).size === named.length && (below < 0 || lines.slice(below).every(isRest));
}

/** reg.exe prints nothing for a key without values and subkeys. Asked for the default value, it names the key. */
async function readEmptyKey(system: System, key: string): Promise<KeyResult> {
  const result = await query(system, key, '/ve');
  const isThere = result.outcome === 'exited' && result.code === 0 && /^HKEY_/m.test(result.stdout);
  return isThere ? { outcome: 'read', values: new Map(), subkeys: new Set() } : { outcome: 'unreadable' };
}

function query(system: System, key: string, ...rest: string[]): Promise<CommandResult> {
  return system.run(systemTool(system, 'reg.exe'), ['query', key, ...rest]);
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
