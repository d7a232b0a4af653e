export interface IniEntry {
  group: string;
  key: string;
  value: string;
}

/** The settings of a file of groups and `key=value`, in order. Lines that begin with `#` or `;` are comments. */
export function parseIni(text: string): IniEntry[] {
  let group = '';
  return text.split('\n').flatMap((raw) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return [];
    if (line.startsWith('[')) {
      group = line.endsWith(']') ? line.slice(1, -1).trim() : '';
      return [];
    }
    const at = line.indexOf('=');
    return at <= 0 ? [] : [{ group, key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() }];
  });
}

/** The last value of a key in the groups that count; undefined where there is none. */
export function lastOf(
  entries: readonly IniEntry[],
  counts: (group: string) => boolean,
  key: string,
): string | undefined {
  return entries.findLast((entry) => entry.key === key && counts(entry.group))?.value;
}

/** What the programs that read these files take for true. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|1|yes|on)$/i.test(value);
}
