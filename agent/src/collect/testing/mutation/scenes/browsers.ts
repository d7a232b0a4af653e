import { browsersCollector } from '../../../browsers/index.ts';
import { packageNames } from '../../../browsers/known.ts';
import type { System } from '../../../system.ts';
import { exited } from '../../recorded-system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('browsers');
function dpkg(rows: [status: string, name: string, version: string][], files: Record<string, string> = {}): System {
  const names = packageNames.filter((name) => rows.some((row) => row[1] === name));
  const format = '${db:Status-Status}\\t${Package}\\t${Version}\\n';
  return onLinux({
    files: { ...Object.fromEntries(names.map((name) => [`/var/lib/dpkg/info/${name}.list`, ''])), ...files },
    commands: {
      [`/usr/bin/dpkg-query -W -f ${format} -- ${names.join(' ')}`]: rows.map((row) => `${row.join('\t')}\n`).join(''),
    },
  });
}
function rpm(installed: Record<string, string>): System {
  const lines = packageNames.map((name) =>
    installed[name] === undefined ? `package ${name} is not installed` : `${name}\t${installed[name]}`,
  );
  return onLinux({
    dirs: { '/usr/lib/sysimage/rpm': ['rpmdb.sqlite'] },
    commands: {
      [`/usr/bin/rpm -q --qf %{NAME}\\t%{VERSION}\\n -- ${packageNames.join(' ')}`]: exited(
        18,
        `${lines.join('\n')}\n`,
      ),
    },
  });
}
const appstream =
  '<component>\n<!-- <release version="1.0"/> -->\n<releases>\n<release date="2026-11-01" version="131.0"/><release version="130.0"/></releases></component>';
const mac = (apps: Record<string, string>): System =>
  onMac({
    files: Object.fromEntries(
      Object.entries(apps).map(([name, plist]) => [
        `/Applications/${name}.app/Contents/Info.plist`,
        fixture(`macos-${plist}.plist.txt`),
      ]),
    ),
    dirs: { '/Applications': [] },
  });

export const browsersScenes = scenesOf(browsersCollector, {
  dpkg: dpkg([
    ['installed', 'google-chrome-stable', '131.0.6778.85-1'],
    ['installed', 'firefox-esr', '128.5.0esr-1~deb12u1'],
    ['installed', 'microsoft-edge-stable', '131.0.2903.63-1'],
  ]),
  'dpkg, removed': dpkg([['config-files', 'firefox-esr', '115.0esr-1']]),
  'dpkg and snap': dpkg([['installed', 'firefox', '1:1snap1-0ubuntu5']], {
    '/snap/firefox/current/meta/snap.yaml': 'name: firefox\nversion: 131.0-2\nsummary: x\n',
  }),
  rpm: rpm({ firefox: '131.0', MozillaFirefox: '128.5.0', chromium: '131.0.6778.85' }),
  pacman: onLinux({
    dirs: {
      '/var/lib/pacman/local': [
        'ALPM_DB_VERSION',
        'firefox-131.0-1',
        'firefox-i18n-de-131.0-1',
        'brave-bin-1:1.73.91-1',
      ],
    },
  }),
  snap: onLinux({ files: { '/snap/chromium/current/meta/snap.yaml': "name: chromium\nversion: '131.0.6778.85'\n" } }),
  flatpak: onLinux({
    files: {
      '/var/lib/flatpak/app/org.mozilla.firefox/current/active/files/share/metainfo/org.mozilla.firefox.metainfo.xml':
        appstream,
    },
  }),
  'macOS, none': mac({ Editor: 'editor' }),
  'macOS, Firefox': mac({ Firefox: '13-firefox', Editor: 'editor' }),
  'macOS, Edge and Chrome': mac({ 'Microsoft Edge': '14-edge', 'Google Chrome': '15-chrome', 'A Web App': 'web-app' }),
  'macOS, Brave and Safari': mac({ 'Brave Browser': '15-brave', Safari: '26-safari' }),
  ...everyWindows('browsers'),
});
