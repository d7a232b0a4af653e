import { antivirusCollector } from '../../../antivirus/index.ts';
import type { System } from '../../../system.ts';
import { exited, type Recording } from '../../recorded-system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('antivirus');
const now = Date.UTC(2026, 10, 21, 9, 30);
const day = 86_400_000;
const init = { '/proc/1/comm': 'systemd\n' };
const database = '/var/lib/clamav/daily.cld';
const clamav = (process: string, age: number): System =>
  onLinux({
    files: { ...init, '/usr/sbin/clamd': '', '/proc/9/comm': `${process}\n`, [database]: '' },
    modified: { [database]: now - age * day },
  });
const falcon = (answer: string): System =>
  onLinux({
    uid: 0,
    files: { ...init, '/opt/CrowdStrike/falconctl': '', '/proc/8/comm': 'falcon-sensor-b\n' },
    commands: { '/opt/CrowdStrike/falconctl -g --rfm-state': answer },
  });
const mdatp = (answer: string): System =>
  onLinux({ files: init, commands: { '/usr/bin/mdatp health --output json': answer } });

const mac = (extensions: string, ps: string, more: Omit<Recording, 'platform'> = {}): System =>
  onMac({
    ...more,
    files: { '/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist': '', ...more.files },
    commands: {
      '/usr/bin/systemextensionsctl list': fixture(`macos-${extensions}.txt`),
      '/bin/ps -axww -o comm=': fixture(`macos-${ps}.txt`),
      '/usr/bin/xprotect status': fixture('macos-15-xprotect-on.txt'),
      ...more.commands,
    },
  });
const wdav = '/Applications/Microsoft Defender.app/Contents/MacOS/wdavdaemonclient';
const defender = (health: string): System =>
  mac('14-defender-extensions', '14-defender-ps', {
    files: { [wdav]: '' },
    links: { '/usr/local/bin/mdatp': wdav },
    commands: { [`${wdav} health --output json`]: fixture(`macos-${health}.json`) },
  });
const stats = '/Applications/Falcon.app/Contents/Resources/falconctl stats agent_info';

export const antivirusScenes = scenesOf(antivirusCollector, {
  none: onLinux({ files: init }),
  'ClamAV runs': clamav('clamd', 2),
  'ClamAV runs, old lists': clamav('clamd', 20),
  'ClamAV stands': clamav('freshclam', 2),
  'Falcon runs': falcon('rfm-state=false.\n'),
  'Falcon does nothing': falcon('rfm-state=true, rfm-reason=Unsupported.\n'),
  'SentinelOne runs': onLinux({ files: { ...init, '/proc/5/comm': 's1-agent\n' } }),
  'Trend Micro stands': onLinux({ files: { ...init, '/opt/ds_agent/ds_agent': '' } }),
  'Defender runs': mdatp(
    '{"orgId":"1f4e","healthy":true,"realTimeProtectionEnabled":true,"definitionsStatus":"up_to_date"}\n',
  ),
  'Defender off': mdatp('{"realTimeProtectionEnabled":{"value":false},"definitionsStatus":{"$type":"outOfDate"}}\n'),
  'macOS alone': mac('13-no-extensions', 'plain-ps'),
  'macOS alone, halved': mac('13-no-extensions', 'plain-ps', {
    commands: { '/usr/bin/xprotect status': fixture('macos-26-xprotect-half.txt') },
  }),
  'macOS 13': onMac({
    files: { '/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist': '' },
    commands: {
      '/usr/bin/systemextensionsctl list': fixture('macos-13-no-extensions.txt'),
      '/bin/ps -axww -o comm=': fixture('macos-plain-ps.txt'),
      '/bin/launchctl print system/com.apple.XProtect.daemon.scan': fixture('macos-13-xprotect-service.txt'),
    },
  }),
  'macOS without its scanner': onMac({
    files: { '/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist': '' },
    commands: {
      '/usr/bin/systemextensionsctl list': fixture('macos-13-no-extensions.txt'),
      '/bin/ps -axww -o comm=': fixture('macos-plain-ps.txt'),
      '/bin/launchctl print system/com.apple.XProtect.daemon.scan': exited(113, '', 'Could not find service\n'),
    },
  }),
  'macOS, Defender': defender('14-mdatp-healthy'),
  'macOS, Defender off': defender('15-mdatp-off'),
  'macOS, Falcon': mac('15-falcon-extensions', '15-falcon-ps'),
  'macOS, Falcon upgraded': mac('15-falcon-upgraded-extensions', '15-falcon-ps'),
  'macOS, Falcon left over': mac('15-falcon-leftover-extensions', 'plain-ps'),
  'macOS, Falcon by its word': mac('15-falcon-extensions', '15-falcon-ps', {
    uid: 0,
    commands: { [stats]: fixture('macos-15-falcon-stats.txt') },
  }),
  'macOS, Falcon off by its word': mac('15-falcon-extensions', '15-falcon-ps', {
    uid: 0,
    commands: { [stats]: fixture('macos-15-falcon-stats-off.txt') },
  }),
  'macOS, Sophos waits': mac('15-sophos-waiting-extensions', 'plain-ps'),
  'macOS, Jamf': mac('26-jamf-extensions', '26-jamf-ps'),
  'macOS, masquerading': mac('15-falcon-extensions', 'masquerading-ps'),
  'macOS, SentinelOne': mac('13-no-extensions', '14-sentinel-ps', {
    files: { '/Library/Sentinel/sentinel-agent.bundle/Contents/MacOS/sentineld': '' },
  }),
  ...everyWindows('antivirus'),
});
