// The rules are those of KConfig itself: kconfigini.cpp for the files, kconfiggroup.cpp for the values.

interface Entry {
  /** Undefined where a file took the entry back with `[$d]`: the program's own default counts again. */
  value: string | undefined;
  immutable: boolean;
}

interface Settings {
  groups: Map<string, Map<string, Entry>>;
  /** Groups that no further file may change. */
  closed: Set<string>;
}

/** Stands between the names of nested groups. */
const separator = '\u001d';

/**
 * The settings that several files make together. They begin with the file of least rank: each one overrules
 * those before it, except for what an earlier one marked with `[$i]`, by which administrators set a policy.
 */
export function readKConfig(files: readonly string[]): (group: string, key: string) => string | undefined {
  const settings: Settings = { groups: new Map(), closed: new Set() };
  for (const file of files) if (applyFile(settings, file) === 'last') break;
  return (group, key) => settings.groups.get(group)?.get(key)?.value;
}

/** Answers `last` where the file as a whole is marked immutable, so that none after it is read. */
function applyFile({ groups, closed }: Settings, text: string): 'last' | 'more' {
  const closing = new Set<string>();
  let fileImmutable = false;
  let group = '';
  let groupImmutable = false;
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      const header = parseHeader(line);
      groupImmutable = fileImmutable;
      if (header === undefined) continue;
      if (header.name === '' && header.immutable) fileImmutable = true;
      group = header.name;
      groupImmutable ||= header.immutable;
      if (groupImmutable) closing.add(group);
    } else if (!closed.has(group)) {
      applyEntry(groups, group, line, groupImmutable);
    }
  }
  for (const name of closing) closed.add(name);
  return fileImmutable ? 'last' : 'more';
}

/** `[Daemon]`, `[Outer][Inner]`, and `[$i]` as the last of them. What follows the brackets is ignored. */
function parseHeader(line: string): { name: string; immutable: boolean } | undefined {
  const brackets = /^(?:\[[^\]]*\])+/.exec(line)?.[0];
  if (brackets === undefined) return undefined;
  const names = brackets.slice(1, -1).split('][');
  const immutable = brackets.length === line.length && names.at(-1) === '$i';
  return { name: (immutable ? names.slice(0, -1) : names).join(separator), immutable };
}

function applyEntry(groups: Settings['groups'], group: string, line: string, groupImmutable: boolean): void {
  const at = line.indexOf('=');
  const [name, ...brackets] = (at < 0 ? line : line.slice(0, at)).trim().split('[');
  const marks = brackets.map((bracket) => bracket.replace(/\].*$/, ''));
  // The other kind of bracket is a language: an entry for people, never a setting.
  if (!name || marks.some((mark) => !mark.startsWith('$'))) return;
  const marked = (mark: string) => marks.some((text) => text.slice(1).includes(mark));
  const deleted = marked('d');
  if (at < 0 && !deleted) return;

  const entries = groups.get(group) ?? new Map<string, Entry>();
  groups.set(group, entries);
  const key = name.trim();
  if (entries.get(key)?.immutable === true) return;
  const value = deleted ? undefined : unescape(line.slice(at + 1).trim());
  entries.set(key, { value, immutable: groupImmutable || marked('i') });
}

function unescape(text: string): string {
  const plain: Record<string, string> = { s: ' ', t: '\t', n: '\n', r: '\r', '\\': '\\' };
  return text.replace(/\\(.)/g, (whole, character: string) => plain[character] ?? whole);
}

/** Everything but these four is true. */
export function asBoolean(text: string | undefined, fallback: boolean): boolean {
  return text === undefined ? fallback : !['false', 'no', 'off', '0'].includes(text.toLowerCase());
}

/** Undefined where the text is no number. */
export function asNumber(text: string | undefined, fallback: number): number | undefined {
  if (text === undefined) return fallback;
  return /^[+-]?\d{1,12}(?:\.\d{1,12})?$/.test(text) ? Number(text) : undefined;
}
