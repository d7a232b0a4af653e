import { deviceManagementCollector } from '../../../device-management/index.ts';
import type { System } from '../../../system.ts';
import { refused } from '../../recorded-system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('device-management');
const intune = (registration: string): System =>
  onLinux({
    files: {
      '/opt/microsoft/intune/bin/intune-portal': '',
      '/home/ada/.config/intune/registration.toml': registration,
    },
  });
const hub = '/opt/omnissa/ws1-hub/bin/ws1HubUtil';
const workspaceOne = (says: string): System => onLinux({ files: { [hub]: '' }, commands: { [`${hub} status`]: says } });
const mac = (profiles: string, domain = '', sso?: string): System =>
  onMac({
    commands: {
      '/usr/bin/profiles status -type enrollment': fixture(`macos-${profiles}.txt`),
      '/usr/sbin/dsconfigad -show': domain === '' ? '' : fixture(`macos-${domain}.txt`),
      '/usr/bin/app-sso platform -s': sso === undefined ? refused : fixture(`macos-${sso}.txt`),
    },
  });

export const deviceManagementScenes = scenesOf(deviceManagementCollector, {
  nobody: onLinux({}),
  Intune: intune('account_hint = "ada"\naad_device_hint = "0f-1e"\ndevice_hint = "2d-3c"\n'),
  'Entra ID': intune('account_hint = "ada"\naad_device_hint = "0f-1e"\n'),
  'a portal alone': intune('account_hint = "ada"\n'),
  'Workspace ONE': workspaceOne('Enrolled: true\n'),
  'Workspace ONE, not enrolled': workspaceOne('Enrolled: false\n'),
  Landscape: onLinux({ files: { '/etc/landscape/client.conf': '[client]\naccount_name = acme\nlog_level = info\n' } }),
  'a domain': onLinux({
    uid: 0,
    files: { '/etc/sssd/sssd.conf': '[sssd]\ndomains = x\n[domain/x]\nid_provider = ad\n' },
  }),
  'a domain that realm names': onLinux({
    files: { '/etc/sssd/sssd.conf': refused, '/etc/krb5.keytab': refused },
    commands: { '/usr/sbin/realm list': 'example.com\n  type: kerberos\n  server-software: active-directory\n' },
  }),
  winbind: onLinux({ files: { '/etc/samba/smb.conf': '[global]\n   security = ADS\n', '/etc/krb5.keytab': refused } }),
  'macOS, nobody': mac('13-none'),
  'macOS, Jamf': mac('14-jamf'),
  'macOS, Intune and Entra': mac('15-intune', '', '15-entra'),
  'macOS, Entra pending': mac('13-none', '', '15-entra-pending'),
  'macOS, Entra of a person': mac('13-none', '', '15-entra-user-only'),
  'macOS, a domain': mac('13-none', '14-domain'),
  'macOS, assigned only': mac('15-assigned-only'),
  'macOS, its own server': mac('26-own-server'),
  ...everyWindows('device-management'),
});
