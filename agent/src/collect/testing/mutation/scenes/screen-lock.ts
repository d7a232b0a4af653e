import { screenLockCollector } from '../../../screen-lock/index.ts';
import type { System } from '../../../system.ts';
import { exited, recordedSystem, type Recording } from '../../recorded-system.ts';
import { fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('screen-lock');
const desktop = (name: string, recording: Omit<Recording, 'platform'>): System =>
  onLinux({ ...recording, env: { XDG_CURRENT_DESKTOP: name } });
const gnome = (idle: number, lock: boolean, delay: number, disabled = 'false'): System =>
  desktop('ubuntu:GNOME', {
    commands: {
      '/usr/bin/gsettings get org.gnome.desktop.session idle-delay': `uint32 ${idle}\n`,
      '/usr/bin/gsettings get org.gnome.desktop.screensaver lock-enabled': `${lock}\n`,
      '/usr/bin/gsettings get org.gnome.desktop.screensaver lock-delay': `uint32 ${delay}\n`,
      '/usr/bin/gsettings get org.gnome.desktop.lockdown disable-lock-screen': `${disabled}\n`,
    },
  });
const kde = (own: string, policy = ''): System =>
  desktop('KDE', {
    files: {
      '/home/ada/.config/kscreenlockerrc': own,
      ...(policy === '' ? {} : { '/etc/xdg/kscreenlockerrc': policy }),
    },
  });
const xfce = (settings: string): System =>
  desktop('XFCE', {
    files: { '/usr/bin/xfce4-screensaver': '', '/proc/1/comm': 'systemd\n', '/proc/7/comm': 'xfce4-screensav\n' },
    commands: { '/usr/bin/xfconf-query -c xfce4-screensaver -lv': settings },
  });
const sway = (...words: string[]): System =>
  desktop('sway', {
    files: { '/proc/77/comm': 'swayidle\n', '/proc/77/cmdline': ['swayidle', ...words, ''].join('\0') },
  });
const mac = (lock: string, idle: string, pmset: string, managed?: string): System =>
  onMac({
    files: managed === undefined ? {} : { '/Library/Managed Preferences/ada/com.apple.screensaver.plist': 'bplist00' },
    commands: {
      '/usr/sbin/sysadminctl -screenLock status': exited(0, '', fixture(`macos-${lock}.stderr.txt`)),
      '/usr/bin/defaults -currentHost read com.apple.screensaver idleTime':
        idle === 'unset' ? exited(1, '', fixture('macos-idle-unset.stderr.txt')) : idle,
      '/usr/bin/pmset -g custom': fixture(`macos-${pmset}.txt`),
      ...(managed === undefined
        ? {}
        : { '/usr/bin/defaults read /Library/Managed Preferences/ada/com.apple.screensaver idleTime': managed }),
    },
  });

const tools = 'C:\\Windows\\System32\\';
function windows(
  given: Partial<Record<'desktop' | 'policy' | 'machine' | 'lock' | 'sleep' | 'display', string>>,
): System {
  const text = (name: string) => fixture(`windows-${name}.txt`);
  return recordedSystem({
    platform: 'windows',
    commands: {
      [`${tools}reg.exe query HKCU\\Control Panel\\Desktop`]: text(given.desktop ?? 'desktop-default'),
      [`${tools}reg.exe query HKCU\\Software\\Policies\\Microsoft\\Windows\\Control Panel\\Desktop`]:
        given.policy === undefined ? exited(1, '', text('not-found-german')) : text(given.policy),
      [`${tools}reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System`]: text(
        given.machine ?? 'machine-default',
      ),
      [`${tools}powercfg.exe /qh SCHEME_CURRENT SUB_NONE CONSOLELOCK`]: text(given.lock ?? 'powercfg-lock-on'),
      [`${tools}powercfg.exe /qh SCHEME_CURRENT SUB_SLEEP STANDBYIDLE`]: text(given.sleep ?? 'powercfg-sleep-never'),
      [`${tools}powercfg.exe /qh SCHEME_CURRENT SUB_VIDEO VIDEOIDLE`]: text(given.display ?? 'powercfg-display-never'),
    },
  });
}

export const screenLockScenes = scenesOf(screenLockCollector, {
  'GNOME after 5 minutes': gnome(300, true, 30),
  'GNOME never idle': gnome(0, true, 0),
  'GNOME does not lock': gnome(300, false, 0),
  'GNOME may not lock': gnome(900, true, 0, 'true'),
  'KDE by default': kde('[Daemon]\n'),
  'KDE after an hour': kde('[Daemon]\nTimeout=60\nLockGrace=10\n'),
  'KDE off': kde('[Daemon]\nAutolock=false\nTimeout=5\n'),
  'KDE by policy': kde('[Daemon]\nTimeout=60\n', '[Daemon][$i]\nTimeout=30\nLockGrace=0\n'),
  'Xfce changed': xfce(
    '/saver/idle-activation/delay        10\n/lock/saver-activation/delay        1\n/lock/enabled  true\n',
  ),
  'Xfce off': xfce('/saver/idle-activation/delay        10\n/lock/enabled  false\n'),
  'sway after 5 minutes': sway('-w', 'timeout', '300', 'swaylock -f', 'before-sleep', 'swaylock -f'),
  'sway only dark': sway('timeout', '300', 'swaymsg "output * power off"'),
  'macOS immediate': mac('14-lock-immediate', '600\n', '14-pmset-laptop'),
  'macOS after 5 minutes more': mac('13-lock-300', '1200\n', '14-pmset-laptop'),
  'macOS by the display': mac('15-lock-5', 'unset', '26-pmset-mini'),
  'macOS never on mains': mac('14-lock-immediate', '0\n', '15-pmset-never-on-ac'),
  'macOS off': mac('26-lock-off', '60\n', '14-pmset-laptop'),
  'macOS minus one': mac('13-lock-minus-one', '60\n', '14-pmset-laptop'),
  'macOS managed': mac('14-lock-immediate', '0\n', '14-pmset-laptop', '900\n'),
  'Windows saver': windows({ desktop: 'desktop-saver-600' }),
  'Windows saver, policy': windows({ desktop: 'desktop-saver-600', policy: 'policy-saver-900' }),
  'Windows saver switched off by policy': windows({ desktop: 'desktop-saver-600', policy: 'policy-saver-off' }),
  'Windows saver that is not secure': windows({ desktop: 'desktop-saver-not-secure' }),
  'Windows limit': windows({ machine: 'machine-limit-900' }),
  'Windows never': windows({}),
  'Windows sleep': windows({ sleep: 'powercfg-sleep-30-15', desktop: 'desktop-sign-in-after-60' }),
  'Windows sleep, German': windows({ sleep: 'powercfg-sleep-30-15-german', lock: 'powercfg-lock-on-german' }),
  'Windows sleep, Japanese, no password': windows({
    sleep: 'powercfg-sleep-30-15-japanese',
    lock: 'powercfg-lock-off-on-ac-japanese',
  }),
  'Windows sleep, not on mains': windows({ sleep: 'powercfg-sleep-never-on-ac' }),
});
