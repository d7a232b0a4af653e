import { firewallCollector } from '../../../firewall/index.ts';
import type { System } from '../../../system.ts';
import { exited, type Recording } from '../../recorded-system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('firewall');
const ufw = (enabled: string, policy = 'DROP') => ({
  '/etc/ufw/ufw.conf': `# comment\nENABLED=${enabled}\nLOGLEVEL=low\n`,
  '/etc/default/ufw': `IPV6=yes\nDEFAULT_INPUT_POLICY="${policy}"\n`,
});
const active = { '/usr/bin/systemctl is-active ufw.service': 'active\n' };
const nft = (name: string, files: Recording['files'] = {}): System =>
  onLinux({ uid: 0, files, commands: { '/usr/sbin/nft -j list ruleset': fixture(`linux-nft-${name}.json`) } });
const both = (name: string): System =>
  onLinux({
    uid: 0,
    commands: {
      '/usr/sbin/nft -j list ruleset': fixture(`linux-nft-of-iptables-${name}.json`),
      '/usr/sbin/iptables -S': fixture(`linux-iptables-${name}.txt`),
    },
  });
const iptables = (name: string): System =>
  onLinux({
    uid: 0,
    files: { '/proc/modules': 'ip_tables 32768 1 iptable_filter, Live 0x0\n' },
    commands: { '/usr/sbin/iptables -S': fixture(`linux-iptables-${name}.txt`) },
  });
const firewalld = (zone: string, zones: string): System =>
  onLinux({
    commands: {
      '/usr/bin/firewall-cmd --state': 'running\n',
      '/usr/bin/firewall-cmd --get-default-zone': `${zone}\n`,
      '/usr/bin/firewall-cmd --get-active-zones': zones,
    },
    dirs: { '/sys/devices/pci0000:00/0000:00:14.3': [] },
    links: { '/sys/class/net/wlan0/device': '/sys/devices/pci0000:00/0000:00:14.3' },
  });
const mac = (version: string, commands: Record<string, string>): System =>
  onMac({
    commands: {
      '/usr/bin/sw_vers -productVersion': `${version}\n`,
      ...Object.fromEntries(Object.entries(commands).map(([command, name]) => [command, fixture(`macos-${name}`)])),
    },
  });
const socketFilter = '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate';
const profiler = '/usr/sbin/system_profiler -json SPFirewallDataType';
const extensions = '/usr/bin/systemextensionsctl list';

export const firewallScenes = scenesOf(firewallCollector, {
  'ufw on': onLinux({ files: ufw('yes'), commands: active }),
  'ufw lets in': onLinux({ files: ufw('yes', 'ACCEPT'), commands: active }),
  'ufw off': onLinux({
    files: ufw('no'),
    commands: { '/usr/bin/systemctl is-active ufw.service': exited(3, 'inactive\n') },
  }),
  'firewalld on': firewalld('public', 'public (default)\n  interfaces: wlan0\ntrusted\n  interfaces: tailscale0\n'),
  'firewalld trusts all': firewalld('trusted', 'trusted (default)\n  interfaces: wlan0\n'),
  'firewalld trusts the wireless': firewalld('public', 'trusted\n  interfaces: wlan0\n'),
  'nft on': nft('policy-drop'),
  'nft of firewalld': nft('firewalld'),
  'nft of ufw': nft('of-iptables-ufw', ufw('yes')),
  'nft by a jump': nft('by-jump'),
  'nft empty': nft('empty'),
  'nft block list': nft('block-list'),
  'nft fail2ban': nft('fail2ban'),
  'nft forward only': nft('forward-only'),
  'both, RHEL': both('rhel'),
  'both, ufw': both('ufw'),
  'both, Docker': both('docker'),
  'both, invalid only': both('invalid-only'),
  'iptables, RHEL': iptables('rhel'),
  'iptables, NixOS': iptables('nixos'),
  'iptables, Tailscale': iptables('tailscale'),
  'iptables, Docker': iptables('docker'),
  'macOS 13 on': mac('13.6', { [socketFilter]: '13-enabled.txt', [profiler]: '15-profiler-limit_connections.json' }),
  'macOS 14 blocks all': mac('14.6.1', { [socketFilter]: '14-block-all.txt' }),
  'macOS 14 off': mac('14.6.1', { [socketFilter]: '14-disabled.txt', [profiler]: '15-profiler-allow_all.json' }),
  'macOS 14 off, with ESET': mac('14.6.1', {
    [socketFilter]: '14-disabled.txt',
    [extensions]: '14-eset-extensions.txt',
  }),
  'macOS 15 on': mac('15.1', { [profiler]: '15-profiler-limit_connections.json' }),
  'macOS 15 blocks all': mac('15.1', { [profiler]: '15-profiler-block_all.json' }),
  'macOS 15 off': mac('15.1', { [profiler]: '15-profiler-allow_all.json' }),
  'macOS 15 off, with Little Snitch': mac('15.1', {
    [profiler]: '15-profiler-allow_all.json',
    [extensions]: '15-little-snitch-extensions.txt',
  }),
  'macOS 26 managed': mac('26.0', { [socketFilter]: '26-managed.txt' }),
  'macOS 26 off': mac('26.0', {
    [socketFilter]: '14-disabled.txt',
    [extensions]: '26-little-snitch-off-extensions.txt',
  }),
  ...everyWindows('firewall'),
});
