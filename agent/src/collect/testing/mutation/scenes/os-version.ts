import { osVersionCollector } from '../../../os-version/index.ts';
import { windowsRegistry } from '../../../windows/testing/recorded-windows.ts';
import { exited } from '../../recorded-system.ts';
import { fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('os-version');
const linux = (text: string, kernel = '6.1.0-18-amd64') =>
  onLinux({ files: { '/etc/os-release': text, '/proc/sys/kernel/osrelease': `${kernel}\n` } });
const mac = (version: string, extra = exited(0)) =>
  onMac({
    commands: {
      '/usr/bin/sw_vers -productVersion': fixture(`macos-${version}-version.txt`),
      '/usr/bin/sw_vers -buildVersion': fixture(`macos-${version}-build.txt`),
      '/usr/bin/sw_vers -productVersionExtra': extra,
    },
  });
const windows = (name: string) =>
  windowsRegistry({ 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion': fixture(`windows-${name}.txt`) });

export const osVersionScenes = scenesOf(osVersionCollector, {
  debian: linux('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'),
  ubuntu: linux(
    'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME=noble\n',
    '6.8.0-49-generic',
  ),
  fedora: linux(
    'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=41\nPRETTY_NAME="Fedora Linux 41 (Workstation Edition)"\nSUPPORT_END=2026-12-02\n',
    '6.11.4-301.fc41.x86_64',
  ),
  arch: linux('NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n', '6.11.5-arch1-1'),
  'security response': mac('13.4.1-rsr', exited(0, fixture('macos-13.4.1-rsr-extra.txt'))),
  'macOS 14': mac('14.6.1', exited(1, '', fixture('macos-usage.txt'))),
  'macOS 15': mac('15.1'),
  'macOS 26': mac('26.0'),
  'Windows 10': windows('10-22h2'),
  'Windows 11, German': windows('11-23h2-german'),
  'Windows 11': windows('11-24h2'),
  'Server 2019': windows('server-2019'),
  'Server 2025': windows('server-2025-core'),
});
