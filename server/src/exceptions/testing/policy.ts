import type { Json } from '@postern/shared/canonical';
import type { Readings } from '@postern/shared/protocol/reading';
import { type Instant, toTimestamp } from '@postern/shared/time';

/** What stands in a policy about one rule, as far as tests want it to be different. */
export interface Terms {
  firewall?: string;
}

/** The disk needs two approvals, the firewall one; from the clock nobody departs. */
export function basePolicy({ firewall = '{ max_duration: 8h, max_total: 12h, approvals: 1 }' }: Terms = {}): string {
  return `
policy: base
title: Base
max_age: 1h
rules:
  - { id: firewall, title: Firewall, check: firewall, require: value.enabled, expected: on, time_to_fix: '0', exceptions: ${firewall} }
  - { id: disk, title: Disk, check: disk-encryption, require: value.state == "full", expected: full, time_to_fix: 3d, exceptions: { max_duration: 2d, max_total: 4d, approvals: 2 } }
  - { id: lock, title: Lock, check: screen-lock, require: value.enabled, expected: locks, time_to_fix: 1d, on_unknown: warn, exceptions: { max_duration: 1d, max_total: 2d, approvals: 1 } }
  - { id: clock, title: Clock, check: clock-drift, require: value.offsetSeconds < 300, expected: right, exceptions: false }
  - { id: mac, title: Mac, check: antivirus, platforms: [macos], require: size(value.products) > 0, expected: some }
`;
}

export const payroll = 'https://payroll.example';
export const wiki = 'https://wiki.example';

/** Only for payroll: there must be room on the disk. */
export const payrollPolicy = `
policy: payroll
title: Payroll
max_age: 1h
applies_to: { resources: ['${payroll}'] }
rules:
  - { id: space, title: Space, check: disk-free, require: value.freePercent >= 50, expected: half, time_to_fix: '0', exceptions: { max_duration: 1d, max_total: 2d, approvals: 1 } }
`;

interface State {
  firewall?: boolean;
  disk?: 'full' | 'partial' | 'none';
  lock?: boolean | 'unknown';
  freePercent?: number;
}

/** A device that fails every rule that can be excepted, or as said. */
export function posture(
  { firewall = false, disk = 'partial', lock = false, freePercent = 10 }: State,
  now: Instant,
): Readings {
  const provenance = { method: 'a test', privilege: 'user', collectedAt: toTimestamp(now) } as const;
  const ok = (value: Json) => ({ status: 'ok', value, ...provenance }) as const;
  return {
    firewall: ok({ enabled: firewall, provider: 'nftables' }),
    'disk-encryption': ok({ state: disk, volumes: [] }),
    'screen-lock':
      lock === 'unknown'
        ? { status: 'unknown', reason: 'not-in-user-session', detail: '', ...provenance }
        : ok({ enabled: lock, delaySeconds: lock ? 300 : null, desktop: 'gnome' }),
    'clock-drift': ok({ offsetSeconds: 0 }),
    'disk-free': ok({ mount: '/', sizeGiB: 100, freePercent }),
  };
}
