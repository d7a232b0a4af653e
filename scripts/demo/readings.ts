import type { Json } from '@postern/shared/canonical';
import type { Platform } from '@postern/shared/checks/define';
import type { Readings } from '@postern/shared/protocol/reading';
import { day, type Instant, toTimestamp } from '@postern/shared/time';

/** What may be the matter with a machine. */
export type Trouble =
  | 'encryption'
  | 'firewall'
  | 'screen-lock'
  | 'updates'
  | 'automatic-updates'
  | 'antivirus'
  | 'uptime'
  | 'disk-space'
  | 'secure-boot';

/** The system on a machine. */
export interface Build {
  id: string;
  name: string;
  version: string;
  build: string;
}

export const builds: Readonly<Record<Platform, readonly Build[]>> = {
  macos: [
    { id: 'macos', name: 'macOS 26.6.2', version: '26.6.2', build: '25G83' },
    { id: 'macos', name: 'macOS 26.7', version: '26.7', build: '25H31' },
  ],
  windows: [
    { id: 'windows', name: 'Windows 11 Enterprise', version: '10.0.26100', build: '26100.6584' },
    { id: 'windows', name: 'Windows 11 Pro', version: '10.0.26200', build: '26200.6899' },
  ],
  linux: [
    { id: 'ubuntu', name: 'Ubuntu 24.04.3 LTS', version: '24.04', build: '6.8.0-86-generic' },
    { id: 'debian', name: 'Debian GNU/Linux 13 (trixie)', version: '13', build: '6.12.48+deb13-amd64' },
  ],
};

const local = {
  macos: {
    disk: { mount: '/', method: 'filevault' },
    firewall: 'application-firewall',
    desktop: 'macos',
    updates: 'softwareupdate',
    method: 'read system settings',
  },
  windows: {
    disk: { mount: 'C:', method: 'bitlocker' },
    firewall: 'windows-firewall',
    desktop: 'windows',
    updates: 'windows-update',
    method: 'read the management interface',
  },
  linux: {
    disk: { mount: '/', method: 'luks2' },
    firewall: 'nftables',
    desktop: 'gnome',
    updates: 'apt',
    method: 'read /proc and /sys',
  },
} as const;

interface Described {
  platform: Platform;
  serial: string;
  build: Build;
}

/** What such a machine says of itself. */
export function readingsOf(
  { platform, serial, build }: Described,
  troubles: ReadonlySet<Trouble>,
  now: Instant,
): Readings {
  const { disk, firewall, desktop, updates, method } = local[platform];
  const collectedAt = toTimestamp(now);
  const has = (trouble: Trouble) => troubles.has(trouble);
  // Weeks, and not moments: what did not change says the same again.
  const monday = Math.floor((now / day - 4) / 7) * 7 * day + 4 * day;
  const daysAgo = (count: number) => toTimestamp(monday - count * day);
  const values: Record<string, Json> = {
    // As the demo is of any day, it does not hang on what the feed of that day knows.
    'os-version': { platform, ...build, supportEndsOn: `${new Date(now).getUTCFullYear() + 3}-09-30` },
    'disk-encryption': {
      state: has('encryption') ? 'none' : 'full',
      volumes: [{ mount: disk.mount, encrypted: !has('encryption'), method: has('encryption') ? null : disk.method }],
    },
    firewall: { enabled: !has('firewall'), provider: firewall },
    'screen-lock': { enabled: !has('screen-lock'), delaySeconds: has('screen-lock') ? null : 300, desktop },
    'sign-in': { automatic: false, passwordSet: true, mechanism: null },
    'pending-updates': {
      count: has('updates') ? 7 : 0,
      securityCount: has('updates') ? 3 : 0,
      restartRequired: has('updates'),
      listRefreshedAt: toTimestamp(Math.floor(now / day) * day),
      source: updates,
    },
    'last-update': { installedAt: daysAgo(has('updates') ? 20 : 2), source: updates },
    'automatic-updates': { enabled: !has('automatic-updates'), mechanism: updates },
    uptime: { startedAt: daysAgo(has('uptime') ? 74 : 3) },
    'secure-boot': { enabled: !has('secure-boot'), setupMode: false },
    'system-integrity': {
      protections: platform === 'macos' ? [{ name: 'sip', intact: true, detail: null }] : [],
    },
    tpm: { present: true, version: platform === 'macos' ? 'secure-enclave' : '2.0' },
    identifiers: {
      vendor: platform === 'macos' ? 'Apple Inc.' : 'Northwind',
      model: platform === 'macos' ? 'MacBook Pro' : 'Traveller 14',
      serial,
      hardwareUuid: `4c4c4544-${serial.toLowerCase()}`,
      machineIdHash: `machine-${serial}`,
      junk: [],
    },
    antivirus: {
      products:
        platform === 'windows'
          ? [{ name: 'Defender', kind: 'antivirus', running: !has('antivirus'), upToDate: !has('antivirus') }]
          : [],
    },
    'remote-access': { services: [], source: 'settings' },
    'clock-drift': { offsetSeconds: 0 },
    'disk-free': { mount: disk.mount, sizeGiB: 512, freePercent: has('disk-space') ? 3 : 41 },
  };
  return Object.fromEntries(
    Object.entries(values).map(([check, value]) => [
      check,
      { status: 'ok' as const, value, method, privilege: 'user' as const, collectedAt },
    ]),
  );
}
