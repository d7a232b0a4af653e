import { toId } from '@postern/shared/ids';
import type { Platform } from '@postern/shared/checks/define';
import type { Json } from '@postern/shared/canonical';
import type { Readings } from '@postern/shared/protocol/reading';
import { day, type Instant, minute, toTimestamp } from '@postern/shared/time';
import { type Change, insert } from '@postern/server/storage/change';
import { openStore } from '@postern/server/storage/open-store';
import { seededRandom } from '../support/seeded-random.ts';

/** Rows of one unit: small enough for one statement on PostgreSQL. */
const devicesAtOnce = 50;
const underWay = 8;

/**
 * Puts devices straight into the database, as varied as those of a company: three systems, a dozen builds, some that fail
 * something, some that could not look. Each of a person of its own, in one or two of twenty groups.
 */
export async function putDevices(databaseUrl: string, count: number, now: Instant): Promise<void> {
  const store = await openStore(databaseUrl);
  const random = seededRandom(count);
  try {
    const waiting: Promise<void>[] = [];
    for (let from = 0; from < count; from += devicesAtOnce) {
      const changes = Array.from({ length: Math.min(devicesAtOnce, count - from) }, (_, index) =>
        rowsOf(from + index, random, now),
      ).flat();
      waiting.push(store.commit({ changes, audit: [] }));
      if (waiting.length >= underWay) await waiting.shift();
    }
    await Promise.all(waiting);
  } finally {
    await store.close();
  }
}

/** The rows of one device and its person. */
export function rowsOf(number: number, random: () => number, now: Instant): Change[] {
  const hex = (prefix: string) => `${prefix}${number.toString(16).padStart(30, '0')}`;
  const owner = toId('user', hex('aa'));
  const id = toId('device', hex('bb'));
  const platform = pick<Platform>(random, ['linux', 'linux', 'windows', 'windows', 'macos']);
  const { readings, build } = readingsOf(platform, random, now);
  const groups = [`group-${Math.floor(random() * 20)}`, ...(random() < 0.3 ? ['everybody'] : [])];
  const jkt = id.slice(4).padEnd(43, 'j');
  const isQuarantined = random() < 0.002;
  const text = JSON.stringify(readings);
  return [
    insert('users', {
      id: owner,
      name: `Person ${number}`,
      email: `person-${number}@example.org`,
      roles: '["employee"]',
      active: 1,
      created_at: now - 100 * day,
      groups: JSON.stringify(groups),
      manager_id: null,
      notify: '{}',
    }),
    insert('devices', {
      id,
      owner_id: owner,
      name: `Computer ${number}`,
      platform,
      agent_version: '0.1.0',
      state: random() < 0.98 ? 'active' : 'suspended',
      jwk: JSON.stringify({ kty: 'EC', crv: 'P-256', x: jkt, y: jkt }),
      jkt,
      key_provider: 'file',
      key_protection: 'software',
      quarantine_cause: isQuarantined ? 'forked' : null,
      quarantined_at: isQuarantined ? now - day : null,
      enrolled_at: now - 90 * day,
      exception_epoch: 0,
      ownership: pick(random, ['corporate', 'corporate', 'personal', 'unknown']),
    }),
    insert('evidence', {
      device_id: id,
      seq: 9,
      hash: 'h'.repeat(43),
      received_at: now - Math.floor(random() * 50 * minute),
    }),
    insert('postures', {
      device_id: id,
      seq: 9,
      readings: text,
      readings_hash: hex('cc'),
      failing_since:
        random() < 0.1 ? JSON.stringify({ 'baseline/firewall': { since: now - 2 * day, failed: true } }) : '{}',
      hardware_hash: null,
      changed_at: now - day,
      flips: '{}',
      os_build: build,
    }),
  ];
}

const builds: Readonly<Record<Platform, readonly [build: string, version: string, name: string][]>> = {
  linux: [
    ['6.8.0-45-generic', '24.04', 'Ubuntu 24.04.1 LTS'],
    ['6.8.0-50-generic', '24.04', 'Ubuntu 24.04.2 LTS'],
    ['6.1.0-28-amd64', '12', 'Debian GNU/Linux 12 (bookworm)'],
    ['5.15.0-100-generic', '22.04', 'Ubuntu 22.04.5 LTS'],
  ],
  windows: [
    ['26100.2314', '10.0.26100', 'Windows 11 Pro'],
    ['22631.4317', '10.0.22631', 'Windows 11 Pro'],
    ['19045.5011', '10.0.19045', 'Windows 10 Pro'],
  ],
  macos: [
    ['24B83', '15.1', 'macOS'],
    ['23H124', '14.7', 'macOS'],
    ['22G120', '13.6', 'macOS'],
  ],
};

function readingsOf(platform: Platform, random: () => number, now: Instant): { readings: Readings; build: string } {
  const [build, version, name] = pick(random, builds[platform]);
  const collectedAt = toTimestamp(now - 10 * minute);
  const from = {
    method: 'read /a/file/of/the/system and another one beside it',
    privilege: 'user',
    collectedAt,
  } as const;
  const ok = (value: Json) => ({ status: 'ok' as const, value, ...from });
  const often = (value: Json, other: Json, share = 0.9) =>
    random() < 0.02
      ? { status: 'unknown' as const, reason: 'permission-denied' as const, detail: 'may not read this', ...from }
      : ok(random() < share ? value : other);
  const ago = (days: number) => toTimestamp(now - Math.floor(random() * days * day));
  const volumes = Array.from({ length: 4 }, (_, index) => ({
    mount: `/volume/${index}`,
    encrypted: true,
    method: 'luks2',
  }));
  const readings: Readings = {
    'os-version': ok({
      platform,
      id: platform === 'linux' ? 'ubuntu' : platform,
      name,
      version,
      build,
      edition: null,
      supportEndsOn: null,
    }),
    'disk-encryption': often(
      { state: 'full', volumes },
      { state: 'partial', volumes: [...volumes, { mount: '/data', encrypted: false, method: null }] },
    ),
    firewall: often(
      { enabled: true, provider: 'nftables', profiles: { ipv4: true, ipv6: true } },
      { enabled: false, provider: 'none' },
    ),
    'screen-lock': often(
      { enabled: true, delaySeconds: pick(random, [60, 300, 600, 900]), desktop: 'gnome' },
      { enabled: false, delaySeconds: null, desktop: 'gnome' },
    ),
    'pending-updates': often(
      { count: 3, securityCount: 0, restartRequired: false, listRefreshedAt: ago(2), source: 'apt' },
      { count: 30, securityCount: 8, restartRequired: true, listRefreshedAt: ago(9), source: 'apt' },
    ),
    'last-update': ok({ installedAt: ago(60), source: 'apt' }),
    'automatic-updates': often(
      { enabled: true, mechanism: 'unattended-upgrades' },
      { enabled: false, mechanism: 'none' },
    ),
    uptime: ok({ startedAt: ago(80) }),
    'secure-boot': often({ enabled: true, setupMode: false }, { enabled: false, setupMode: false }),
    antivirus: often(
      { products: [{ name: 'Defender', running: true, upToDate: true }] },
      { products: [{ name: 'Defender', running: false, upToDate: true }] },
      0.95,
    ),
    'clock-drift': ok({ offsetSeconds: 5 * Math.floor(random() * 4) }),
    'disk-free': ok({ mount: '/', sizeGiB: 400, freePercent: Math.floor(random() * 90) }),
    tpm: ok({ present: true, version: '2.0' }),
    'device-management': ok({ managed: random() < 0.5, mdm: null, directory: null }),
    identifiers: ok({
      vendor: 'ACME',
      model: 'Book 1',
      serial: `S${Math.floor(random() * 1e9)}`,
      hardwareUuid: `u-${random()}`,
      machineIdHash: 'm'.repeat(43),
      junk: [],
    }),
  };
  return { readings, build };
}

function pick<Value>(random: () => number, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}
