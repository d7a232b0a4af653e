import { pendingUpdatesCollector } from '../../../pending-updates/index.ts';
import type { System } from '../../../system.ts';
import { exited, type Recording } from '../../recorded-system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('pending-updates');
const linux = (release: string, recording: Omit<Recording, 'platform'>): System =>
  onLinux({ ...recording, files: { '/etc/os-release': release, ...recording.files } });
const apt = '/usr/bin/apt list --upgradable';
const lists = '/var/lib/apt/lists';
const answer = [
  'Listing...',
  'curl/oldstable 7.88.1-10+deb12u15 amd64 [upgradable from: 7.88.1-10+deb12u14]',
  'openssl/oldstable-security,oldstable 3.0.20-1~deb12u2 amd64 [upgradable from: 3.0.17-1]',
  'libstdc++6/noble-updates,noble-security 14.2.0-4ubuntu2 amd64 [upgradable from: 14.2.0-1]',
  'N: There are 3 additional versions. Please use the -a switch to see them.',
  '',
].join('\n');
const debian = (text: string, files: Record<string, string> = {}): System =>
  linux('ID=debian\n', {
    dirs: {
      [lists]: [
        'deb.debian.org_debian_dists_bookworm_InRelease',
        'security.debian.org_dists_bookworm-security_InRelease',
      ],
    },
    modified: { [lists]: Date.UTC(2026, 10, 20) },
    files: { '/usr/bin/unattended-upgrade': '', ...files },
    commands: { [apt]: text },
  });
const dpkg = '/usr/bin/dpkg-query -W -f ${db:Status-Status} ${binary:Package}\\n';
/** As `apt-cache policy` says it, of two packages and one that is new enough. */
const policy = [
  'curl:',
  '  Installed: 7.88.1-10+deb12u14',
  '  Candidate: 7.88.1-10+deb12u15',
  '  Version table:',
  '     7.88.1-10+deb12u15 500',
  '        500 http://deb.debian.org/debian bookworm/main amd64 Packages',
  ' *** 7.88.1-10+deb12u14 100',
  '        100 /var/lib/dpkg/status',
  'libc6:',
  '  Installed: 2.36-9+deb12u13',
  '  Candidate: 2.36-9+deb12u14',
  '  Version table:',
  '     2.36-9+deb12u14 500',
  '        500 http://security.debian.org/debian-security bookworm-security/main amd64 Packages',
  ' *** 2.36-9+deb12u13 500',
  '        500 http://deb.debian.org/debian bookworm/main amd64 Packages',
  '        100 /var/lib/dpkg/status',
  'vim:',
  '  Installed: 2:9.0.1378-2',
  '  Candidate: 2:9.0.1378-2',
  '  Version table:',
  ' *** 2:9.0.1378-2 500',
  '        500 http://deb.debian.org/debian bookworm/main amd64 Packages',
  '        100 /var/lib/dpkg/status',
  '',
].join('\n');
const byPolicy = linux('ID=debian\n', {
  dirs: { [lists]: ['security.debian.org_dists_bookworm-security_InRelease'] },
  modified: { [lists]: Date.UTC(2026, 10, 20) },
  commands: {
    [dpkg]: 'installed curl\ninstalled libc6:amd64\nconfig-files old\ninstalled vim\n',
    '/usr/bin/apt-cache policy curl libc6:amd64 vim': policy,
  },
});
const dnf = '/usr/bin/dnf -q -C check-update';
const updates =
  '\nkernel.x86_64    6.11.4-301.fc41    updates\nvim-data.noarch    2:9.1.8-1.fc41   updates\nObsoleting Packages\nold.noarch   1-1   updates\n';
const zypper = '/usr/bin/zypper --non-interactive --no-refresh --xmlout list-updates -t package -t patch';
const suse = `<?xml version='1.0'?>
<stream>
<update-status version="0.6">
<update-list>
<update name="curl" edition="8.6.0-2.1" arch="x86_64" kind="package" edition-old="8.6.0-1.1"><summary>x</summary></update>
<update name="vim" kind="package" edition="9.1"><summary>y</summary></update>
<update name="openSUSE-2026-1" edition="1" kind="patch" category="security" severity="important"></update>
<update name="openSUSE-2026-2" edition="1" kind="patch" category="recommended"></update>
</update-list>
</update-status>
</stream>
`;
const mac = (
  list: string | ReturnType<typeof exited>,
  build: string,
  preferences = 'macos-preferences.plist.txt',
): System =>
  onMac({
    files: { '/Library/Preferences/com.apple.SoftwareUpdate.plist': fixture(preferences) },
    commands: {
      '/usr/sbin/softwareupdate --list --no-scan': typeof list === 'string' ? fixture(list) : list,
      '/usr/bin/sw_vers -buildVersion': `${build}\n`,
    },
  });

export const pendingUpdatesScenes = scenesOf(pendingUpdatesCollector, {
  'apt, by policy': byPolicy,
  'apt, three': debian(answer),
  'apt, none': debian('Listing...\n'),
  'apt, a restart': debian(answer, { '/run/reboot-required': '*** System restart required ***\n' }),
  'apt, Ubuntu': linux('ID=ubuntu\nID_LIKE=debian\n', {
    dirs: { [lists]: ['archive.ubuntu.com_ubuntu_dists_noble-security_InRelease'] },
    modified: { [lists]: Date.UTC(2026, 10, 20) },
    commands: { [apt]: answer, [`${apt} ?not(?phasing)`]: answer.split('\n').toSpliced(1, 1).join('\n') },
  }),
  'dnf, two': linux('ID=fedora\n', {
    commands: {
      [dnf]: exited(100, updates),
      [`${dnf} --security`]: exited(100, '\nkernel.x86_64    6.11.4-301.fc41    updates\n'),
    },
  }),
  'dnf, none': linux('ID=fedora\n', { commands: { [dnf]: '', [`${dnf} --security`]: '' } }),
  'pacman, two': linux('ID=arch\n', {
    commands: { '/usr/bin/checkupdates': 'linux 6.11.5-1 -> 6.11.6-1\nvim 9.1-1 -> 9.2-1\n' },
  }),
  'pacman, none': linux('ID=arch\n', { commands: { '/usr/bin/checkupdates': exited(2) } }),
  'pacman, its own list': linux('ID=arch\n', {
    files: { '/var/lib/pacman/sync/core.db': '' },
    modified: { '/var/lib/pacman/sync/core.db': Date.UTC(2026, 8, 1) },
    commands: { '/usr/bin/pacman -Qu': 'linux 6.11.5-1 -> 6.11.6-1\n' },
  }),
  zypper: linux('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', {
    dirs: { '/var/cache/zypp/raw': ['repo-oss', 'repo-update'] },
    modified: { '/var/cache/zypp/raw/repo-update': Date.UTC(2026, 10, 20) },
    commands: { [zypper]: suse },
  }),
  'macOS 13': mac('macos-13-security-response.txt', '22F66'),
  'macOS 14, three': mac('macos-14-three.txt', '23G93'),
  'macOS 15, German': mac('macos-15-german-titles.txt', '24B83'),
  'macOS 26': mac('macos-26-background-improvement.txt', '25A354'),
  'macOS 26, two systems': mac('macos-26-two-systems.txt', '25A354'),
  'macOS, none': mac(
    exited(0, 'Software Update Tool\n\nFinding available software\n', fixture('macos-none.stderr.txt')),
    '24B83',
  ),
  ...everyWindows('pending-updates'),
});
