import type { AttestationAnswer, AttestationClaims } from '@postern/shared/protocol/attestation';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { Readings } from '@postern/shared/protocol/reading';
import { fromTimestamp, type Instant, minute, second, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type DeviceFacts, subjectOf } from '../devices/index.ts';
import { isSignedBy, publicKeyOf } from '../jws/index.ts';
import { collectionPlan } from '../policy/index.ts';
import { ConflictError } from '../storage/store.ts';
import { accept, type ExceptionEffects } from './accept.ts';
import { createDeviceRate, type DeviceRate } from './device-rate.ts';
import { type Document, malformed, openDocument, readClaims } from './document.ts';
import { type AttestingDevice, readAttestingDevice } from './facts.ts';
import { barredDeviceOn, hardwareRecords } from './hardware-records.ts';
import { isOtherHardware, rememberHardware } from './hardware.ts';
import { classify } from './history.ts';
import { type Conflicting, knownHashes, quarantine, refusalEvent, refuseQuarantined } from './refuse.ts';

export type ReceiveDeps = Pick<Deps, 'store' | 'random' | 'config' | 'nonces' | 'policies' | 'anonymousRefusals'> & {
  exceptionEffects: ExceptionEffects;
};

/** With what one server keeps between attestations. */
type Receiver = ReceiveDeps & { countAttestation: DeviceRate };

/** What is known of an attestation by the time that it is refused. */
interface About {
  deviceId: string | null;
  /** Signed by the device, minutes ago at most. Until then anybody may have sent it who once saw such a text. */
  isFresh: boolean;
}

interface Received {
  jws: string;
  remoteAddress: string;
}

const oldestMs = 300 * second;
const aheadMs = minute;
/** A guard that does not hold means that something else of this device was written: read it again, decide again. */
const maxAttempts = 3;

/**
 * Verifies an attestation, judges it, and writes both down. On the way that all is well: one read, one write.
 *
 * @throws Fault attestation_*, device_pending, device_suspended, device_retired, device_quarantined, conflict,
 *   too_many_requests
 */
type ReceiveAttestation = (received: Received, now: Instant) => Promise<AttestationAnswer>;

/** One for a server: it counts what each device sends. */
export function createReceiver(deps: ReceiveDeps): ReceiveAttestation {
  const receiver = { ...deps, countAttestation: createDeviceRate(deps.config.attestationsPerDevice) };
  return async (received, now) => {
    const about: About = { deviceId: null, isFresh: false };
    try {
      return await verifyAndSettle(receiver, received, about, now);
    } catch (error) {
      if (error instanceof Fault && isRecorded(error.code, about.deviceId)) {
        const event = refusalEvent(error.code, about.deviceId, now, { remoteAddress: received.remoteAddress });
        const audit = about.isFresh ? [event] : deps.anonymousRefusals.record(error.code, event, now);
        if (audit.length > 0) await deps.store.commit({ changes: [], audit });
      }
      throw error;
    }
  };
}

async function verifyAndSettle(
  deps: Receiver,
  received: Received,
  about: About,
  now: Instant,
): Promise<AttestationAnswer> {
  const document = openDocument(received.jws);
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const device = await readAttestingDevice(deps.store.read, document.kid);
    if (device === undefined) throw new Fault('attestation_foreign_key');
    const { facts } = device;
    about.deviceId = facts.id;
    if (attempt === 0) refuseWrongSignature(document, facts);
    refuseByState(facts);
    refuseLastOneAgain(document, facts);
    const claims = readClaims(document.payload, facts.posture?.readings ?? null);
    refuseOtherParties(claims, facts, deps.config.issuer);
    refuseWithoutFreshNonce(claims, deps, now);
    // Counted here: a text that somebody kept and sends again and again must not use up the share of its device.
    if (!about.isFresh) deps.countAttestation(facts.id, now);
    about.isFresh = true;
    refuseWrongTime(claims, now);
    try {
      return await settle(deps, device, { facts, document, claims, remoteAddress: received.remoteAddress }, now);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new Fault('conflict');
}

function refuseWrongSignature(document: Document, facts: DeviceFacts): void {
  if (!isSignedBy(document, publicKeyOf(facts.jwk, facts.jkt))) throw new Fault('attestation_signature');
}

/** Told only to who holds the key: after the signature. Quarantine is looked at last, so that what comes meanwhile is kept. */
function refuseByState({ state }: DeviceFacts): void {
  if (state === 'pending') throw new Fault('device_pending');
  if (state === 'suspended') throw new Fault('device_suspended');
  if (state === 'retired') throw new Fault('device_retired');
}

/**
 * Before nonce and time: a device that never got its answer and sends the same text again must learn that it
 * arrived. If it heard "stale nonce" instead it would sign the same number again, which is a rollback.
 */
function refuseLastOneAgain(document: Document, { evidence }: DeviceFacts): void {
  if (document.hash === evidence?.hash) throw new Fault('attestation_replayed');
}

function refuseOtherParties(claims: AttestationClaims, facts: DeviceFacts, issuer: string): void {
  if (claims.iss !== facts.id) throw malformed([{ path: 'claims.iss', message: 'must be the device whose key signs' }]);
  if (claims.aud !== issuer) throw new Fault('attestation_audience');
}

function refuseWithoutFreshNonce(claims: AttestationClaims, { nonces }: ReceiveDeps, now: Instant): void {
  if (nonces.check(claims.eat_nonce, now) === 'fresh') return;
  throw new Fault('attestation_nonce', { headers: { 'DPoP-Nonce': nonces.issue(now) } });
}

function refuseWrongTime(claims: AttestationClaims, now: Instant): void {
  const signedAt = claims.iat * second;
  if (signedAt > now + aheadMs) throw new Fault('attestation_from_future');
  if (signedAt < now - oldestMs) throw new Fault('attestation_too_old');
}

/** What an agent read earlier it may send again, as long as the policies still take it for evidence. */
function refuseOldReadings({ payload }: Document, { maxReadingAgeSeconds }: CollectionPlan, now: Instant): void {
  // As they were sent: of readings that say the same again, the claims hold those that were stored, with the times of then.
  const readings = payload['readings'] as Readings;
  const oldest = now - maxReadingAgeSeconds * second - oldestMs;
  const old = Object.entries(readings).filter(([, { collectedAt }]) => fromTimestamp(collectedAt) < oldest);
  if (old.length === 0) return;
  const details = old.map(([check]) => ({ path: `claims.readings.${check}.collectedAt`, message: 'is too long ago' }));
  throw new Fault('attestation_too_old', { details });
}

/** Everything that needs the history of the device. Only the ways that end in a refusal cost further reads. */
async function settle(
  deps: ReceiveDeps,
  device: AttestingDevice,
  received: Conflicting,
  now: Instant,
): Promise<AttestationAnswer> {
  const { facts, document, claims } = received;
  const { identifierKey } = deps.config;
  if (facts.quarantine !== null) throw await refuseQuarantined(deps, received, now);

  const incoming = { seq: claims.seq, hash: document.hash, prev: claims.prev };
  let place = classify(facts.evidence, incoming);
  if (place !== 'next') place = classify(facts.evidence, incoming, await knownHashes(deps, facts.id, claims.seq));
  if (place === 'replayed') throw new Fault('attestation_replayed');
  if (place !== 'next') throw await quarantine(deps, received, { cause: place }, now);
  const knownHardware = facts.posture?.hardwareHash ?? null;
  if (isOtherHardware(knownHardware, claims.readings, identifierKey)) {
    throw await quarantine(deps, received, { cause: 'hardware-changed' }, now);
  }
  const hardwareHash = rememberHardware(knownHardware, claims.readings, identifierKey);
  const hardware = {
    hash: hardwareHash,
    changes:
      hardwareHash === knownHardware
        ? []
        : await hardwareRecords(deps.store.read, facts.id, claims.readings, identifierKey),
  };
  // Only at the very first: an admin who releases the device from this quarantine has decided.
  if (facts.evidence === null) {
    const otherDevice = await barredDeviceOn(deps.store.read, facts, claims.readings, identifierKey);
    if (otherDevice !== undefined) {
      const found = { cause: 'hardware-of-suspended-device', otherDevice, changes: hardware.changes } as const;
      throw await quarantine(deps, received, found, now);
    }
  }

  const rulebook = await deps.policies.at(facts.policyEpoch);
  const collect = collectionPlan(rulebook, subjectOf(facts), deps.config);
  refuseOldReadings(document, collect, now);
  const verified = { device, claims, jws: document.text, hash: document.hash, hardware };
  const { unit, verdict } = accept(verified, rulebook, deps.exceptionEffects, deps.random.uuid(), now);
  await deps.store.commit(unit);
  return {
    attestation: { seq: claims.seq, hash: document.hash, receivedAt: toTimestamp(now) },
    verdict,
    collect,
  };
}

const recordedCodes: ReadonlySet<ErrorCode> = new Set([
  'attestation_algorithm',
  'attestation_foreign_key',
  'attestation_signature',
  'attestation_audience',
  'attestation_nonce',
  'attestation_from_future',
  'attestation_too_old',
  'attestation_replayed',
]);

/**
 * Which refusals are recorded here, as far as anonymous ones are (audit/anonymous-refusals.ts). A malformed one only
 * when a device signed it: mere garbage must not fill the record. Quarantine is recorded where it is decided, and a
 * device's state was recorded when it changed.
 */
function isRecorded(code: ErrorCode, deviceId: string | null): boolean {
  return recordedCodes.has(code) || (code === 'attestation_malformed' && deviceId !== null);
}
