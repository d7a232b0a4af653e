import { decodeJwt } from 'jose';
import type { Kysely } from 'kysely';
import type { Id } from '@postern/shared/ids';
import { findCheck } from '@postern/shared/checks/catalogue';
import type { DeviceState } from '@postern/shared/protocol/enrollment';
import { Fault } from '@postern/shared/protocol/errors';
import type { Readings } from '@postern/shared/protocol/reading';
import type { VerdictStatus } from '@postern/shared/protocol/verdict';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Database } from '../storage/database.ts';
import { readDeviceFacts } from './facts.ts';
import { readAtStake } from './at-stake.ts';
import { checkChanges } from './history-changes.ts';
import { standingOf } from './standing.ts';
import { deviceSummary } from './view.ts';

const shown = 100;

/**
 * One device with both of its histories: what was accepted, and what was refused because it did not fit.
 *
 * @throws Fault not_found
 */
export async function deviceDetail(
  { store: { read }, policies }: Pick<Deps, 'store' | 'policies'>,
  id: string,
  now: Instant,
) {
  const facts = await readDeviceFacts(read, { id });
  if (facts === undefined) throw new Fault('not_found');
  const [attestations, conflicts, verdicts, sameHardware, atStake, compiled] = await Promise.all([
    read
      .selectFrom('attestations')
      .leftJoin('attestation_documents', (join) =>
        join
          .onRef('attestation_documents.device_id', '=', 'attestations.device_id')
          .onRef('attestation_documents.seq', '=', 'attestations.seq'),
      )
      .select(['attestations.seq', 'attestations.hash', 'attestations.received_at', 'attestation_documents.jws'])
      .where('attestations.device_id', '=', id)
      .orderBy('attestations.seq', 'desc')
      .limit(shown + 1)
      .execute(),
    read
      .selectFrom('attestation_conflicts')
      .selectAll()
      .where('device_id', '=', id)
      .orderBy('id', 'desc')
      .limit(shown)
      .execute(),
    read.selectFrom('verdicts').selectAll().where('device_id', '=', id).orderBy('id', 'desc').limit(shown).execute(),
    devicesOnSameHardware(read, id),
    readAtStake(read, id, now),
    policies.at(facts.policyEpoch),
  ]);
  const standing = standingOf(facts, compiled, null, now);
  return {
    ...deviceSummary(facts, standing),
    keyThumbprint: facts.jkt,
    agentVersion: facts.agentVersion,
    checkTitles: Object.fromEntries(
      Object.keys(facts.posture?.readings ?? {}).map((check) => [check, findCheck(check)?.title ?? check]),
    ),
    atStake,
    verdict: standing?.verdict ?? null,
    readings: facts.posture?.readings ?? null,
    attestations: attestations.slice(0, shown).map((row, index) => ({
      seq: row.seq,
      hash: row.hash,
      // What was accepted names the one before it; only the first after a release may name another, and is kept whole.
      prev:
        row.jws === null
          ? (attestations[index + 1]?.hash ?? null)
          : ((decodeJwt(row.jws)['prev'] as string | null) ?? null),
      receivedAt: toTimestamp(row.received_at),
      remoteAddress: null,
    })),
    conflicts: conflicts.map((row) => ({
      seq: row.seq,
      hash: row.hash,
      prev: row.prev,
      receivedAt: toTimestamp(row.received_at),
      remoteAddress: row.remote_address,
      cause: row.cause,
    })),
    refusedSays: saysOtherwise(
      facts.posture?.readings ?? {},
      // What only came during the quarantine may be of either machine.
      conflicts.find(({ cause }) => cause !== 'in-quarantine')?.jws,
    ),
    sameHardware: sameHardware.map((row) => ({
      id: row.id as Id<'device'>,
      name: row.name,
      state: row.state as DeviceState,
      quarantined: row.quarantine_cause !== null,
    })),
    verdicts: verdicts.map((row) => ({
      at: toTimestamp(row.at),
      status: row.status as VerdictStatus,
      policies: JSON.parse(row.policies) as { name: string; version: number }[],
    })),
  };
}

function saysOtherwise(stored: Readings, refused: string | undefined) {
  if (refused === undefined) return [];
  const changes = checkChanges(stored, decodeJwt(refused)['readings'] as Readings);
  return changes.map(({ check, title, from, to }) => ({ check, title, stored: from, refused: to }));
}

/** Other devices that reported any hardware identifier that this one reported: the same machine, enrolled again. */
async function devicesOnSameHardware(read: Kysely<Database>, id: string) {
  return await read
    .selectFrom('hardware as own')
    .innerJoin('hardware as same', (join) =>
      join.onRef('same.hash', '=', 'own.hash').onRef('same.field', '=', 'own.field'),
    )
    .innerJoin('devices', 'devices.id', 'same.device_id')
    .select(['devices.id', 'devices.name', 'devices.state', 'devices.quarantine_cause'])
    .distinct()
    .where('own.device_id', '=', id)
    .where('devices.id', '!=', id)
    .orderBy('devices.id', 'desc')
    .limit(shown)
    .execute();
}
