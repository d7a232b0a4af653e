import type { AttestationClaims } from '@postern/shared/protocol/attestation';
import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import type { DeviceFacts } from '../devices/index.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import type { Document } from './document.ts';
import { classify } from './history.ts';

/** Why a device is in quarantine. */
export type QuarantineCause = 'rolled-back' | 'forked' | 'hardware-changed' | 'hardware-of-suspended-device';

const codes = {
  'rolled-back': 'attestation_rolled_back',
  forked: 'attestation_forked',
  'hardware-changed': 'attestation_hardware_changed',
  'hardware-of-suspended-device': 'attestation_hardware_barred',
} as const satisfies Record<QuarantineCause, ErrorCode>;

/** Enough to compare the two histories; a clone cannot fill the disk. */
const keptWhileQuarantined = 20;

/** A verified attestation that does not fit, with what the record needs of it. */
export interface Conflicting {
  facts: DeviceFacts;
  document: Document;
  claims: AttestationClaims;
  remoteAddress: string;
}

/** What does not fit. */
interface Finding {
  cause: QuarantineCause;
  /** The device whose hardware this is. */
  otherDevice?: string;
  /** What is to be written beside. */
  changes?: readonly Change[];
}

type RefuseDeps = Pick<Deps, 'store' | 'random'>;

/** Hashes of all that was received from a device under one sequence number, accepted or refused. */
export async function knownHashes({ store: { read } }: RefuseDeps, deviceId: string, seq: number): Promise<string[]> {
  const [accepted, refused] = await Promise.all([
    read.selectFrom('attestations').select('hash').where('device_id', '=', deviceId).where('seq', '=', seq).execute(),
    read
      .selectFrom('attestation_conflicts')
      .select('hash')
      .where('device_id', '=', deviceId)
      .where('seq', '=', seq)
      .execute(),
  ]);
  return [...accepted, ...refused].map((row) => row.hash);
}

/**
 * Puts a device in quarantine and keeps the attestation that shows why.
 *
 * @returns the refusal to be thrown
 * @throws ConflictError when it is in quarantine already
 */
export async function quarantine(
  deps: RefuseDeps,
  conflicting: Conflicting,
  { cause, otherDevice, changes = [] }: Finding,
  now: Instant,
): Promise<Fault> {
  const { facts, claims } = conflicting;
  await deps.store.commit({
    changes: [
      updateOne('devices', { id: facts.id, quarantine_cause: null }, { quarantine_cause: cause, quarantined_at: now }),
      conflictRow(deps, conflicting, cause, now),
      ...changes,
    ],
    audit: [
      {
        at: now,
        type: 'device.quarantined',
        outcome: 'success',
        actor: { kind: 'system', id: null },
        subject: { kind: 'device', id: facts.id },
        data: {
          cause,
          seq: claims.seq,
          acceptedSeq: facts.evidence?.seq ?? null,
          ...(otherDevice === undefined ? {} : { otherDevice }),
        },
      },
      refusalEvent(codes[cause], facts.id, now, { seq: claims.seq, remoteAddress: conflicting.remoteAddress }),
    ],
  });
  return new Fault(codes[cause]);
}

/**
 * Refuses the attestation of a device in quarantine, and keeps it for whoever compares the histories: as long as there
 * is room, and once.
 *
 * @returns the refusal to be thrown
 */
export async function refuseQuarantined(deps: RefuseDeps, conflicting: Conflicting, now: Instant): Promise<Fault> {
  const { facts, document, claims } = conflicting;
  const [known, kept] = await Promise.all([
    knownHashes(deps, facts.id, claims.seq),
    deps.store.read
      .selectFrom('attestation_conflicts')
      .select((select) => select.fn.countAll().as('count'))
      .where('device_id', '=', facts.id)
      .where('received_at', '>=', facts.quarantine?.since ?? 0)
      .executeTakeFirst(),
  ]);
  const place = classify(facts.evidence, { ...claims, hash: document.hash }, known);
  if (place !== 'replayed' && Number(kept?.count ?? 0) < keptWhileQuarantined) {
    await deps.store.commit({
      changes: [conflictRow(deps, conflicting, place === 'next' ? 'in-quarantine' : place, now)],
      audit: [
        refusalEvent('device_quarantined', facts.id, now, {
          seq: claims.seq,
          remoteAddress: conflicting.remoteAddress,
        }),
      ],
    });
  }
  return new Fault('device_quarantined');
}

function conflictRow(
  deps: RefuseDeps,
  { facts, document, claims, remoteAddress }: Conflicting,
  cause: string,
  now: Instant,
): Change {
  return insert('attestation_conflicts', {
    id: deps.random.uuid(),
    device_id: facts.id,
    seq: claims.seq,
    hash: document.hash,
    prev: claims.prev,
    received_at: now,
    remote_address: remoteAddress,
    cause,
    jws: document.text,
  });
}

/** The record of a refused attestation. The device is the one whose key it names: signed for it only when the code says so. */
export function refusalEvent(
  code: ErrorCode,
  deviceId: string | null,
  now: Instant,
  data: AuditEvent['data'] = {},
): AuditEvent {
  return {
    at: now,
    type: 'attestation.refused',
    outcome: 'failure',
    actor: { kind: 'anonymous', id: null },
    subject: deviceId === null ? null : { kind: 'device', id: deviceId },
    data: { code, ...data },
  };
}
