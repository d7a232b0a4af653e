import { remoteAccessCollector } from '../../../remote-access/index.ts';
import type { System } from '../../../system.ts';
import { refused } from '../../recorded-system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('remote-access');
const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const socket = (address: string, port: number, index = 0) =>
  `${String(index).padStart(4)}: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n`;
const nat = '/Library/Preferences/SystemConfiguration/com.apple.nat.plist';
const mac = (netstat: string, sharing = 'macos-nat-off.plist.txt', disabled?: string): System =>
  onMac({
    files: { [nat]: fixture(sharing) },
    commands: {
      '/usr/sbin/netstat -an -p tcp': netstat === 'refused' ? refused : fixture(`macos-${netstat}.txt`),
      '/bin/launchctl print-disabled system': disabled === undefined ? refused : fixture(disabled),
    },
  });

export const remoteAccessScenes = scenesOf(remoteAccessCollector, {
  nothing: onLinux({ files: { '/proc/net/tcp': header } }),
  sshd: onLinux({
    files: { '/proc/net/tcp': fixture('linux-tcp-sshd.txt'), '/proc/net/tcp6': fixture('linux-tcp6-sshd.txt') },
  }),
  'VNC and file sharing': onLinux({
    files: {
      '/proc/net/tcp': header + socket('0100007F', 5900) + socket('00000000', 445, 1) + socket('00000000', 5901, 2),
    },
  }),
  'sshd elsewhere': onLinux({
    files: {
      '/proc/net/tcp': header + socket('00000000', 2222),
      '/etc/ssh/sshd_config': '#Port 22\nPort 2222\n',
      '/etc/ssh/sshd_config.d/a.conf': 'ListenAddress 0.0.0.0:2022\n',
    },
  }),
  'macOS, everything': mac('13-everything', 'macos-nat-on.plist.txt'),
  'macOS, nothing': mac('14-nothing'),
  'macOS, local only': mac('15-local-only'),
  'macOS, cut addresses': mac('26-cut-address'),
  'macOS, by its settings': mac('refused', 'macos-nat-on.plist.txt', 'macos-15-print-disabled.txt'),
  'macOS 12, by its settings': mac('refused', 'macos-nat-off.plist.txt', 'macos-12-print-disabled.txt'),
  ...everyWindows('remote-access'),
});
