import { sql, type Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Platform } from '@postern/shared/checks/define';
import type { DeviceState, KeyProtection, KeyProviderId, Ownership } from '@postern/shared/protocol/enrollment';
import { type PublicJwk, publicJwkSchema } from '@postern/shared/protocol/jwk';
import type { Readings } from '@postern/shared/protocol/reading';
import type { Instant } from '@postern/shared/time';
import type { Flips } from '../policy/index.ts';
import type { ExceptionFacts, FailingSince, ObservedRule } from '../policy/types.ts';
import type { Database } from '../storage/database.ts';
import { preparedQuery } from '../storage/prepared-query.ts';
import { storedReadings } from './stored-readings.ts';

/** All that decisions about a device need, read in one round trip. */
export interface DeviceFacts {
  id: string;
  name: string;
  platform: Platform;
  agentVersion: string;
  state: DeviceState;
  jwk: PublicJwk;
  jkt: string;
  keyProvider: KeyProviderId;
  keyProtection: KeyProtection;
  ownership: Ownership;
  quarantine: { cause: string; since: Instant } | null;
  enrolledAt: Instant;
  exceptionEpoch: number;
  owner: { id: string; name: string; email: string; groups: readonly string[]; active: boolean };
  /** The last accepted attestation. */
  evidence: { seq: number; hash: string; receivedAt: Instant } | null;
  posture: {
    seq: number;
    readings: Readings;
    readingsHash: string;
    failingSince: FailingSince;
    hardwareHash: string | null;
    flips: Flips;
    build: string | null;
  } | null;
  /** Approved and not ended; whether each is live is for policy/waive.ts to say. */
  exceptions: readonly ExceptionFacts[];
  /** Changes whenever policies are published: the compiled set in memory is good while this stands. */
  policyEpoch: string;
}

type DeviceKey = { id: string } | { jkt: string };

const rowsById = preparedQuery((read, id) => deviceQuery(read).where('devices.id', '=', id));
const rowsByKey = preparedQuery((read, jkt) => deviceQuery(read).where('devices.jkt', '=', jkt));

/** Reads one device, or undefined when there is none. One query, whatever the number of exceptions. */
export async function readDeviceFacts(read: Kysely<Database>, key: DeviceKey): Promise<DeviceFacts | undefined> {
  return factsOf('id' in key ? await rowsById(read, key.id) : await rowsByKey(read, key.jkt));
}

type DeviceRow = Awaited<ReturnType<ReturnType<typeof deviceQuery>['execute']>>[number];

/** The joined row of a device, for queries that begin elsewhere (introspection begins at the token). */
export function deviceQuery(read: Kysely<Database>) {
  return read
    .selectFrom('devices')
    .innerJoin('users', 'users.id', 'devices.owner_id')
    .leftJoin('evidence', 'evidence.device_id', 'devices.id')
    .leftJoin('postures', 'postures.device_id', 'devices.id')
    .leftJoin('exceptions', (join) =>
      join.onRef('exceptions.device_id', '=', 'devices.id').on('exceptions.state', '=', sql.lit('active')),
    )
    .select([
      'devices.id',
      'devices.name',
      'devices.platform',
      'devices.agent_version',
      'devices.state',
      'devices.jwk',
      'devices.jkt',
      'devices.key_provider',
      'devices.key_protection',
      'devices.ownership',
      'devices.quarantine_cause',
      'devices.quarantined_at',
      'devices.enrolled_at',
      'devices.exception_epoch',
      'users.id as owner_id',
      'users.name as owner_name',
      'users.active as owner_active',
      'users.email as owner_email',
      'users.groups as owner_groups',
      'evidence.seq as evidence_seq',
      'evidence.hash as evidence_hash',
      'evidence.received_at as evidence_received_at',
      'postures.seq as posture_seq',
      'postures.readings',
      'postures.readings_hash',
      'postures.failing_since',
      'postures.hardware_hash',
      'postures.flips',
      'postures.os_build',
      'exceptions.id as exception_id',
      'exceptions.kind as exception_kind',
      'exceptions.role as exception_role',
      'exceptions.begins_at as exception_begins_at',
      'exceptions.duration_ms as exception_duration_ms',
      'exceptions.person_id as exception_person_id',
      'exceptions.jkt as exception_jkt',
      'exceptions.rules as exception_rules',
      'exceptions.resources as exception_resources',
      'exceptions.observed as exception_observed',
      'exceptions.state as exception_state',
      'exceptions.approved_at as exception_approved_at',
      'exceptions.expires_at as exception_expires_at',
      'exceptions.ended_at as exception_ended_at',
      sql<string | null>`(select value from meta where key = 'policy_epoch')`.as('policy_epoch'),
    ]);
}

/** All that facts are made of. */
const columns = Object.keys({
  id: true,
  name: true,
  platform: true,
  agent_version: true,
  state: true,
  jwk: true,
  jkt: true,
  key_provider: true,
  key_protection: true,
  ownership: true,
  quarantine_cause: true,
  quarantined_at: true,
  enrolled_at: true,
  exception_epoch: true,
  owner_id: true,
  owner_name: true,
  owner_active: true,
  owner_email: true,
  owner_groups: true,
  evidence_seq: true,
  evidence_hash: true,
  evidence_received_at: true,
  posture_seq: true,
  readings: true,
  readings_hash: true,
  failing_since: true,
  hardware_hash: true,
  flips: true,
  os_build: true,
  exception_id: true,
  exception_kind: true,
  exception_role: true,
  exception_begins_at: true,
  exception_duration_ms: true,
  exception_person_id: true,
  exception_jkt: true,
  exception_rules: true,
  exception_resources: true,
  exception_observed: true,
  exception_state: true,
  exception_approved_at: true,
  exception_expires_at: true,
  exception_ended_at: true,
  policy_epoch: true,
} satisfies Record<keyof DeviceRow, true>) as (keyof DeviceRow)[];

/** What was made of the rows of devices that asked lately. About 10 KB each: at most some 50 MB. */
const made = new LRUCache<string, { rows: readonly DeviceRow[]; facts: DeviceFacts }>({ max: 5000 });

/**
 * Facts of the joined rows of one device (one row for each exception, one row when there is none). Rows that say the same as
 * the last time give the same object, so that what follows from it can be kept beside it. Nobody may change it.
 */
export function factsOf(rows: readonly DeviceRow[]): DeviceFacts | undefined {
  const [row] = rows;
  if (row === undefined) return undefined;
  const before = made.get(row.id);
  if (before !== undefined && sayTheSame(before.rows, rows)) return before.facts;
  const facts = Object.freeze(makeFacts(row, rows));
  made.set(row.id, { rows, facts });
  return facts;
}

function sayTheSame(left: readonly DeviceRow[], right: readonly DeviceRow[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((row, index) => columns.every((column) => row[column] === right[index]?.[column]));
}

function makeFacts(row: DeviceRow, rows: readonly DeviceRow[]): DeviceFacts {
  return {
    id: row.id,
    name: row.name,
    platform: row.platform as Platform,
    agentVersion: row.agent_version,
    state: row.state as DeviceState,
    jwk: publicJwkSchema.parse(JSON.parse(row.jwk)),
    jkt: row.jkt,
    keyProvider: row.key_provider as KeyProviderId,
    keyProtection: row.key_protection as KeyProtection,
    ownership: row.ownership as Ownership,
    quarantine: row.quarantine_cause === null ? null : { cause: row.quarantine_cause, since: row.quarantined_at ?? 0 },
    enrolledAt: row.enrolled_at,
    exceptionEpoch: row.exception_epoch,
    owner: {
      id: row.owner_id,
      name: row.owner_name,
      email: row.owner_email,
      groups: JSON.parse(row.owner_groups) as string[],
      active: row.owner_active === 1,
    },
    evidence:
      row.evidence_seq === null || row.evidence_hash === null || row.evidence_received_at === null
        ? null
        : { seq: row.evidence_seq, hash: row.evidence_hash, receivedAt: row.evidence_received_at },
    posture:
      row.posture_seq === null || row.readings === null || row.readings_hash === null
        ? null
        : {
            seq: row.posture_seq,
            readings: storedReadings(row.id, row.readings),
            readingsHash: row.readings_hash,
            failingSince: JSON.parse(row.failing_since ?? '{}') as FailingSince,
            hardwareHash: row.hardware_hash,
            flips: JSON.parse(row.flips ?? '{}') as Flips,
            build: row.os_build,
          },
    exceptions: rows.flatMap((each) => exceptionOf(each) ?? []),
    policyEpoch: row.policy_epoch ?? '',
  };
}

function exceptionOf(row: DeviceRow): ExceptionFacts | undefined {
  if (row.exception_id === null) return undefined;
  return {
    id: row.exception_id,
    kind: row.exception_kind === 'access' ? 'access' : 'device',
    role: row.exception_role,
    personId: row.exception_person_id ?? '',
    deviceId: row.id,
    jkt: row.exception_jkt ?? '',
    rules: JSON.parse(row.exception_rules ?? '[]') as string[],
    resources: JSON.parse(row.exception_resources ?? '[]') as string[],
    observed: JSON.parse(row.exception_observed ?? '{}') as Record<string, ObservedRule>,
    state: row.exception_state ?? '',
    approvedAt: row.exception_approved_at,
    beginsAt: row.exception_begins_at,
    expiresAt: row.exception_expires_at,
    durationMs: row.exception_duration_ms ?? 0,
    endedAt: row.exception_ended_at,
  };
}
