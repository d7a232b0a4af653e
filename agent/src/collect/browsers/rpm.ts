import { unanswered, unknown } from '../finding.ts';
import { browserOfPackage, packageNames, upstreamVersion } from './known.ts';
import type { BrowserSource } from './source.ts';

const folders = ['/usr/lib/sysimage/rpm', '/var/lib/rpm'];
const databases = /^(?:rpmdb\.sqlite|Packages|Packages\.db)$/;
const method = 'rpm -q';

/** A line that is another one may be a browser. */
function isRow(row: readonly string[]): boolean {
  const [name = '', version = ''] = row;
  return row.length === 2 && packageNames.includes(name) && /^\d[\w.+~^]*$/.test(version);
}

/** rpm is also a tool on systems of dpkg; then it has no database. */
export const readRpm: BrowserSource = async (system) => {
  const names = (await Promise.all(folders.map((folder) => system.list(folder)))).flatMap((list) => list ?? []);
  if (!names.some((name) => databases.test(name))) return undefined;
  const format = '%{NAME}\\t%{VERSION}\\n';
  const result = await system.run('/usr/bin/rpm', ['-q', '--qf', format, '--', ...packageNames]);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'rpm'), method };
  const lines = result.stdout.split('\n');
  const told = lines.slice(0, -1);
  // It says of each that is not there that it is not, and its exit code is their number.
  const rows = told.filter((line) => !/^package [\w.+-]+ is not installed$/.test(line)).map((line) => line.split('\t'));
  if (told.length < packageNames.length || lines.at(-1) !== '' || !rows.every(isRow)) {
    return unknown('output-unreadable', 'rpm did not tell which browsers are installed. Run “rpm -q firefox”.', method);
  }
  return rows.flatMap(([name = '', version = '']) => {
    const browser = browserOfPackage(name);
    const own = upstreamVersion(version);
    return browser === undefined || own === undefined ? [] : [{ name: browser, version: own, source: 'rpm' }];
  });
};
