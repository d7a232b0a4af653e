import { automaticUpdatesCollector } from '../../../automatic-updates/index.ts';
import type { System } from '../../../system.ts';
import type { Recording } from '../../recorded-system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('automatic-updates');
const wants = '/etc/systemd/system/timers.target.wants';
const linux = (release: string, recording: Omit<Recording, 'platform'>): System =>
  onLinux({
    ...recording,
    files: { '/etc/os-release': release, ...recording.files },
    dirs: { '/run/systemd/system': [], ...recording.dirs },
  });
const apt = (upgrade: string, more = '', links: Record<string, string> = {}): System =>
  linux('ID=debian\n', {
    files: { '/usr/bin/unattended-upgrade': '', '/dev/null': '' },
    dirs: { [wants]: ['apt-daily-upgrade.timer', 'apt-daily.timer', 'fstrim.timer'] },
    links,
    commands: {
      '/usr/bin/apt-config dump': `APT "";\nAPT::Architecture "amd64";\nAPT::Periodic "";\nAPT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "${upgrade}";\n${more}Unattended-Upgrade::Origins-Pattern "";\nUnattended-Upgrade::Origins-Pattern:: "origin=Debian,codename=\${distro_codename}-security,label=Debian-Security";\nDpkg::Options "";\n`,
    },
  });
const dnf = (timer: string, applies: string): System =>
  linux('ID=fedora\n', {
    dirs: { [wants]: [timer] },
    files: {
      '/etc/dnf/automatic.conf': `[commands]\nupgrade_type = security\napply_updates = ${applies}\n\n[emitters]\nemit_via = stdio\n`,
    },
  });
const mac = (files: Record<string, string>): System =>
  onMac({
    files: Object.fromEntries(Object.entries(files).map(([path, name]) => [path, fixture(`macos-${name}.plist.txt`)])),
  });
const local = '/Library/Preferences/com.apple.SoftwareUpdate.plist';
const managed = '/Library/Managed Preferences/com.apple.SoftwareUpdate.plist';
const declared = '/var/db/softwareupdate/SoftwareUpdateDDMStatePersistence.plist';

export const automaticUpdatesScenes = scenesOf(automaticUpdatesCollector, {
  'apt on': apt('1'),
  'apt off': apt('0'),
  'apt switched off as a whole': apt('1', 'APT::Periodic::Enable "0";\n'),
  'apt masked': apt('1', '', { '/etc/systemd/system/apt-daily-upgrade.timer': '/dev/null' }),
  'dnf installs': dnf('dnf-automatic-install.timer', 'no'),
  'dnf told to': dnf('dnf-automatic.timer', 'yes'),
  'dnf told not to': dnf('dnf-automatic.timer', 'no'),
  'SUSE on': linux('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', {
    dirs: { [wants]: ['transactional-update.timer'] },
  }),
  'macOS 13 on': mac({ [local]: '13-all-on' }),
  'macOS 13 off': mac({ [local]: '13-all-off' }),
  'macOS 14 downloads': mac({ [local]: '14-download-only' }),
  'macOS 14 with numbers': mac({ [local]: '14-numbers' }),
  'macOS 15 without security': mac({ [local]: '15-no-security' }),
  'macOS 15 managed on': mac({ [local]: '13-all-off', [managed]: '13-all-on' }),
  'macOS 15 managed off': mac({ [local]: '13-all-on', [managed]: '13-all-off' }),
  'macOS 15 declared on': mac({ [local]: '13-all-off', [declared]: '15-declared-on' }),
  'macOS 26 declared off': mac({ [local]: '13-all-on', [declared]: '26-declared-off' }),
  'macOS 26': mac({ [local]: '26-without-check-key' }),
  ...everyWindows('automatic-updates'),
});
