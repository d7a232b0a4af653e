import { unanswered, unknown, type Finding } from '../finding.ts';
import { holdsStrange } from '../strange-characters.ts';
import type { System } from '../system.ts';

export interface Upgradable {
  count: number;
  securityCount: number;
}

const deadlineMs = 8_000;
const maxBytes = 8 * 1024 * 1024;
const dpkg = '/usr/bin/dpkg-query';
const policy = '/usr/bin/apt-cache';
/** As an argument list, some hundred kilobytes. */
const mostPackages = 20_000;

export const policyMethod = 'apt-cache policy (of what dpkg-query -W lists as installed)';

/**
 * What could be upgraded, by `apt-cache policy` over every installed package: two thirds of what `apt list --upgradable`
 * costs, and it names each package that it was asked about, so that an answer that was cut short is noticed.
 */
export async function upgradableByPolicy(system: System): Promise<Upgradable | Finding<never>> {
  const installed = await system.run(dpkg, ['-W', '-f', '${db:Status-Status} ${binary:Package}\\n'], { maxBytes });
  if (installed.outcome !== 'exited') return { ...unanswered(installed, 'dpkg-query'), method: policyMethod };
  const packages = parseInstalled(installed.stdout);
  if (installed.code !== 0 || packages === undefined) return unreadable('dpkg-query');
  const answer = await system.run(policy, ['policy', ...packages], { deadlineMs, maxBytes });
  if (answer.outcome !== 'exited') return { ...unanswered(answer, 'apt-cache'), method: policyMethod };
  const upgradable = parsePolicy(answer.stdout, packages.length);
  return answer.code === 0 && upgradable !== undefined ? upgradable : unreadable('apt-cache policy');
}

function unreadable(program: string): Finding<never> {
  return unknown(
    'output-unreadable',
    `${program} did not tell which updates there are. Run “apt list --upgradable” to see why.`,
    policyMethod,
  );
}

/** Reads `installed libc6:amd64` lines; undefined where one is something else, or there are none. */
export function parseInstalled(text: string): string[] | undefined {
  const lines = text.split('\n');
  // Half a name is another package.
  if (lines.pop() !== '') return undefined;
  const packages: string[] = [];
  for (const line of lines) {
    const [, status, name] = /^([a-z-]+) ([a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?)$/.exec(line) ?? [];
    if (status === undefined || name === undefined) return undefined;
    // What is only half removed or half installed has no version that an update would replace.
    if (status === 'installed') packages.push(name);
  }
  return packages.length === 0 || packages.length > mostPackages ? undefined : packages;
}

/**
 * Reads `apt-cache policy NAME…`: of each package the installed version, the candidate, and a table of versions from new to
 * old with where each comes from.
 *
 * @param asked how many packages it must tell of
 * @returns undefined unless every one of them is told of whole
 */
export function parsePolicy(text: string, asked: number): Upgradable | undefined {
  const lines = text.split('\n');
  // The source that something strange stands in may be that of security updates.
  if (lines.pop() !== '' || holdsStrange(text)) return undefined;
  const starts = [...lines.keys()].filter((at) => !(lines[at] ?? '').startsWith(' '));
  if (starts.length !== asked || starts[0] !== 0) return undefined;
  const found: Upgradable = { count: 0, securityCount: 0 };
  for (const [index, start] of starts.entries()) {
    const update = parseBlock(lines, start, starts[index + 1] ?? lines.length);
    if (update === undefined) return undefined;
    if (update === 'none') continue;
    found.count += 1;
    if (update.some((source) => source.includes('-security/'))) found.securityCount += 1;
  }
  return found;
}

/** Where the candidate comes from; `none` where there is nothing newer than what is installed. */
function parseBlock(lines: readonly string[], start: number, end: number): string[] | 'none' | undefined {
  const installed = valueOf(lines[start + 1], '  Installed: ');
  const candidate = valueOf(lines[start + 2], '  Candidate: ');
  if (end < start + 3 || lines[start]?.endsWith(':') !== true) return undefined;
  if (installed === undefined || candidate === undefined || installed === '(none)') return undefined;
  // As it is with nearly all of them: what else the table holds says nothing.
  if (installed === candidate) return 'none';
  if (lines[start + 3] !== '  Version table:') return undefined;
  const versions = parseTable(lines.slice(start + 4, end));
  const own = versions?.findIndex(({ isInstalled, version }) => isInstalled && version === installed) ?? -1;
  if (versions === undefined || own < 0 || (versions[own]?.sources.length ?? 0) === 0) return undefined;
  const next = versions.findIndex(({ version }) => version === candidate);
  if (next < 0 && candidate !== '(none)') return undefined;
  // New versions stand above old ones: a candidate below is a downgrade that somebody pinned.
  return next >= 0 && next < own ? (versions[next]?.sources ?? []) : 'none';
}

function valueOf(line: string | undefined, name: string): string | undefined {
  if (line?.startsWith(name) !== true) return undefined;
  const value = line.slice(name.length);
  return value === '' || value.includes(' ') ? undefined : value;
}

interface Version {
  version: string;
  isInstalled: boolean;
  sources: string[];
}

function parseTable(rows: readonly string[]): Version[] | undefined {
  const versions: Version[] = [];
  for (const row of rows) {
    const [, mark, version] = /^ (\*\*\*| {3}) (\S+) -?\d+(?: \(phased \d+%\))?$/.exec(row) ?? [];
    const source = /^ {8} *-?\d+ (\S.*)$/.exec(row)?.[1];
    if (version !== undefined) versions.push({ version, isInstalled: mark === '***', sources: [] });
    else if (source !== undefined && versions.length > 0) versions.at(-1)?.sources.push(source);
    else return undefined;
  }
  // Each comes from somewhere, if only from what is installed.
  return versions.every(({ sources }) => sources.length > 0) ? versions : undefined;
}
