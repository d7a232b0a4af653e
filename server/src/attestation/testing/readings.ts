import type { Json } from '@postern/shared/canonical';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import { type Instant, toTimestamp } from '@postern/shared/time';

/** A reading that has an answer. */
export function reading(value: Json, now: Instant): Reading {
  return { status: 'ok', value, method: 'read /fake', privilege: 'user', collectedAt: toTimestamp(now) };
}

/** Readings of a machine in order, with what a test wants to be different. */
export function someReadings(now: Instant, different: Readings = {}): Readings {
  return {
    firewall: reading({ enabled: true, provider: 'nftables' }, now),
    'disk-encryption': reading({ state: 'full', volumes: [{ mount: '/', encrypted: true, method: 'luks2' }] }, now),
    identifiers: identifiers({ serial: 'PF2ABCDE', hardwareUuid: '4c4c4544-0042', machineIdHash: 'm1' }, now),
    ...different,
  };
}

/** What the hardware says of itself. */
export function identifiers(
  known: { serial: string | null; hardwareUuid: string | null; machineIdHash: string | null },
  now: Instant,
): Reading {
  return reading({ vendor: 'ACME', model: 'Book 1', ...known, junk: [] }, now);
}
