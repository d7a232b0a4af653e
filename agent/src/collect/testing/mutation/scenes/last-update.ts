import { lastUpdateCollector } from '../../../last-update/index.ts';
import type { System } from '../../../system.ts';
import type { Recording } from '../../recorded-system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('last-update');
const linux = (release: string, recording: Omit<Recording, 'platform'>): System =>
  onLinux({ ...recording, files: { '/etc/os-release': release, ...recording.files } });
const history = `
Start-Date: 2026-09-22  04:45:19
Commandline: apt-get upgrade
Upgrade: linux-libc-dev:amd64 (6.1.140-1, 6.1.187-1)
End-Date: 2026-09-22  04:45:29

Start-Date: 2026-10-16  23:03:57
Commandline: apt-get install cmake
Install: cmake:amd64 (3.25.1-1), libuv1:amd64 (1.44.2-1, automatic)
End-Date: 2026-10-16  23:04:01
`;
const dpkg = `2026-08-01 10:00:00 startup archives unpack
2026-08-01 10:00:01 upgrade libc6:amd64 2.36-9 2.36-10
2026-08-01 10:00:02 status installed libc6:amd64 2.36-10
2026-08-02 10:00:00 install nethack:amd64 <none> 3.6
`;
const zypp = [
  "2026-10-16 23:00:00|command|root@laptop|'zypper' 'up'|",
  '2026-10-16 23:04:01|install|curl|8.6.0-2.1|x86_64||repo-update|0a1b|',
  "2026-10-18 09:00:00|command|root@laptop|'zypper' 'in' 'gimp'|",
  '2026-10-18 09:00:10|install|gimp|2.10-1|x86_64|root@laptop|repo-oss|2c3d|',
  '',
].join('\n');
const pacman =
  '[2026-10-01T12:00:00+0200] [ALPM] upgraded vim (9-1 -> 10-1)\n[2026-10-02T12:00:00+0200] [ALPM] installed gimp (3-1)\n';
const date = (text: string) => ({
  [`/usr/bin/date -d ${text} +%s`]: `${Date.parse(`${text.replace(' ', 'T')}Z`) / 1000}\n`,
});
const mac = (name: string): System =>
  onMac({ files: { '/Library/Receipts/InstallHistory.plist': fixture(`macos-${name}.plist.txt`) } });

export const lastUpdateScenes = scenesOf(lastUpdateCollector, {
  apt: linux('ID=debian\n', { files: { '/var/log/apt/history.log': history }, commands: date('2026-09-22 04:45:29') }),
  dpkg: linux('ID=debian\n', {
    files: { '/var/log/apt/history.log': '', '/var/log/dpkg.log': dpkg },
    commands: date('2026-08-01 10:00:01'),
  }),
  dnf: linux('ID=fedora\n', {
    modified: {
      '/var/lib/dnf/history.sqlite': Date.UTC(2026, 10, 1),
      '/var/lib/dnf/history.sqlite-wal': Date.UTC(2026, 10, 2),
    },
  }),
  pacman: linux('ID=arch\n', { files: { '/var/log/pacman.log': pacman } }),
  zypper: linux('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', {
    files: { '/var/log/zypp/history': zypp },
    commands: date('2026-10-16 23:04:01'),
  }),
  'macOS 13': mac('13-history'),
  'macOS 14': mac('14-apps-since'),
  'macOS 15, only lists': mac('15-only-lists'),
  'macOS 15, wrong clock': mac('15-wrong-clock'),
  'macOS 26': mac('26-background-improvement'),
  ...everyWindows('last-update'),
});
