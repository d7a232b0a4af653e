import { systemIntegrityCollector } from '../../../system-integrity/index.ts';
import type { System } from '../../../system.ts';
import { exited } from '../../recorded-system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('system-integrity');
const linux = (tainted: string, lockdown: string, enforce = 'N', disabled = '0'): System =>
  onLinux({
    files: {
      '/proc/sys/kernel/tainted': `${tainted}\n`,
      '/sys/module/module/parameters/sig_enforce': `${enforce}\n`,
      '/proc/sys/kernel/modules_disabled': `${disabled}\n`,
      '/proc/modules': 'ext4 1 0 - Live 0x0\n',
      '/sys/kernel/security/lockdown': `${lockdown}\n`,
    },
  });
const mac = (sip: string, gatekeeper: string, arguments_: string | undefined): System =>
  onMac({
    commands: {
      '/usr/bin/csrutil status': fixture(`macos-${sip}.txt`),
      '/usr/sbin/spctl --status': gatekeeper.endsWith('off')
        ? exited(1, fixture(`macos-${gatekeeper}.txt`))
        : fixture(`macos-${gatekeeper}.txt`),
      '/usr/sbin/nvram boot-args':
        arguments_ === undefined
          ? exited(1, '', fixture('macos-boot-args-none.stderr.txt'))
          : fixture(`macos-${arguments_}.txt`),
    },
  });

export const systemIntegrityScenes = scenesOf(systemIntegrityCollector, {
  intact: linux('0', 'none [integrity] confidentiality', 'Y'),
  'unsigned module': linux('12289', '[none] integrity confidentiality'),
  'no more modules': linux('1', '[none] integrity confidentiality', 'N', '1'),
  'forced module': linux('8194', 'none integrity [confidentiality]', 'N'),
  'macOS intact': mac('13-sip-on', '13-gatekeeper-on', undefined),
  'macOS off': mac('26-sip-off', '15-gatekeeper-off', '14-boot-args'),
  'macOS custom': mac('14-sip-custom', '13-gatekeeper-on', undefined),
  'macOS enabled, custom': mac('15-sip-enabled-custom', '15-gatekeeper-off', '14-boot-args'),
  ...everyWindows('system-integrity'),
});
