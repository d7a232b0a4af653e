import { signInCollector } from '../../../sign-in/index.ts';
import type { System } from '../../../system.ts';
import { keyNotThere, windowsRegistry } from '../../../windows/testing/recorded-windows.ts';
import { fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('sign-in');
const accounts =
  'root:x:0:0::/root:/bin/sh\ngreeter:x:105:65534::/:/bin/false\nada:x:1000:1000:Ada:/home/ada:/bin/bash\n';
const linux = (files: Record<string, string>, password = 'P', group = ''): System =>
  onLinux({
    files: { '/etc/passwd': accounts, ...(group === '' ? {} : { '/etc/group': group }), ...files },
    commands: { '/usr/bin/passwd -S': `ada ${password} 2026-01-02 0 99999 7 -1\n` },
  });
const windows = (answer: string): System => {
  const winlogon = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon';
  return windowsRegistry({
    [`${winlogon} /v AutoAdminLogon`]: answer === 'absent' ? keyNotThere : fixture(`windows-${answer}.txt`),
    [`${winlogon} /v Userinit`]: fixture('windows-userinit.txt'),
  });
};
const mac = (preferences: string, fileVault: string, managed = false): System =>
  onMac({
    files: {
      [`/Library/${managed ? 'Managed ' : ''}Preferences/com.apple.loginwindow.plist`]: fixture(
        `macos-${preferences}.plist.txt`,
      ),
      '/etc/kcpassword': '',
    },
    commands: { '/usr/bin/fdesetup status': fixturesIn('disk-encryption')(`macos-${fileVault}.txt`) },
  });

export const signInScenes = scenesOf(signInCollector, {
  'nobody, with a password': linux({}),
  'nobody, without a password': linux({}, 'NP'),
  'nobody, locked': linux({}, 'L'),
  'nobody is asked for a password': linux({}, 'P', 'root:x:0:\nnopasswdlogin:x:130:bob,ada\n'),
  GDM: linux({
    '/etc/gdm3/custom.conf': '[daemon]\nAutomaticLoginEnable = true\nAutomaticLogin = ada\n\n[security]\n',
  }),
  'GDM, timed': linux({
    '/etc/gdm/custom.conf': '[daemon]\nTimedLoginEnable=True\nTimedLogin=ada\nTimedLoginDelay=10\n',
  }),
  'GDM off': linux({ '/etc/gdm3/custom.conf': '[daemon]\nAutomaticLoginEnable=false\nAutomaticLogin=ada\n' }),
  SDDM: linux({ '/etc/sddm.conf.d/kde_settings.conf': '[Autologin]\nRelogin=false\nSession=plasma\nUser=ada\n' }),
  LightDM: linux({ '/etc/lightdm/lightdm.conf.d/50-auto.conf': '[Seat:*]\nautologin-user=ada\n' }),
  greetd: linux({
    '/etc/greetd/config.toml':
      '[terminal]\nvt = 1\n\n[default_session]\ncommand = "agreety --cmd /bin/sh"\nuser = "greeter"\n\n[initial_session]\ncommand = "sway"\nuser = "ada"\n',
  }),
  'greetd asks': linux({
    '/etc/greetd/config.toml': '[default_session]\ncommand = "agreety --cmd /bin/sh"\nuser = "greeter"\n',
  }),
  getty: linux({
    '/etc/systemd/system/getty@tty1.service.d/autologin.conf':
      '[Service]\nExecStart=\nExecStart=-/sbin/agetty --noclear --autologin ada %I $TERM\n',
  }),
  'getty, inittab': linux({ '/etc/inittab': 'tty1::respawn:/sbin/agetty -a ada tty1 linux\n' }),
  'macOS on': mac('13-on', '14-off'),
  'macOS on, behind FileVault': mac('13-on', '15-on'),
  'macOS off': mac('15-off', '14-off'),
  'macOS managed': mac('26-managed-on', '14-off', true),
  'Windows 10 automatic': windows('10-22h2-automatic'),
  'Windows server automatic': windows('server-2019-dword'),
  'Windows 11 off': windows('11-24h2-off'),
  'Windows never set up': windows('absent'),
});
