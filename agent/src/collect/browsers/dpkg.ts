import { unanswered, unknown } from '../finding.ts';
import { browserOfPackage, packageNames, upstreamVersion } from './known.ts';
import type { BrowserSource } from './source.ts';

const folder = '/var/lib/dpkg/info';
const format = '${db:Status-Status}\\t${Package}\\t${Version}\\n';
const method = 'dpkg-query -W';

/** dpkg-query(1), db:Status-Status. */
const statuses =
  /^(?:not-installed|config-files|half-installed|unpacked|half-configured|triggers-awaited|triggers-pending|installed)$/;

/** A line that is another one may be a browser. */
function isRow(row: readonly string[]): boolean {
  const [status = '', name = '', version = ''] = row;
  const isPlain = status !== 'installed' || /^(?:\d+:)?\d[\w.+~:-]{0,100}$/.test(version);
  return row.length === 3 && statuses.test(status) && packageNames.includes(name) && isPlain;
}

/** The list of installed packages is megabytes long, so it is asked only for those that have a file list. */
export const readDpkg: BrowserSource = async (system) => {
  if ((await system.list('/var/lib/dpkg')) === undefined) return undefined;
  const known = await Promise.all(packageNames.map((name) => system.realPath(`${folder}/${name}.list`)));
  const names = packageNames.filter((_, index) => known[index] !== undefined);
  if (names.length === 0) return [];
  const result = await system.run('/usr/bin/dpkg-query', ['-W', '-f', format, '--', ...names]);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'dpkg-query'), method };
  const lines = result.stdout.split('\n');
  const rows = lines.slice(0, -1).map((line) => line.split('\t'));
  // It ends with 1 where one of them is not known at all, names that one in its error, and still tells the others.
  const told = new Set(rows.map(([, name]) => name));
  const isUnheardOf = (name: string) =>
    result.code === 1 && result.stderr.includes(`no packages found matching ${name}`);
  const isWhole = names.every((name) => told.has(name) || isUnheardOf(name));
  if (result.code > 1 || lines.at(-1) !== '' || !isWhole || !rows.every(isRow)) {
    return unknown('output-unreadable', 'dpkg did not tell which browsers are installed. Run “dpkg --audit”.', method);
  }
  return rows.flatMap(([status, name = '', version = '']) => {
    const browser = browserOfPackage(name);
    const own = upstreamVersion(version);
    // A package that was removed and not purged is still known.
    return status !== 'installed' || browser === undefined || own === undefined
      ? []
      : [{ name: browser, version: own, source: 'dpkg' }];
  });
};
