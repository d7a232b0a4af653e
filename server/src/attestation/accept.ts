import { canonicalJson } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import type { AttestationClaims } from '@postern/shared/protocol/attestation';
import type { Readings } from '@postern/shared/protocol/reading';
import type { Verdict } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import { type DeviceFacts, isFreshStart, judgedReadings, subjectOf } from '../devices/index.ts';
import {
  buildOf,
  evaluate,
  evaluateAll,
  type Flips,
  judge,
  type Rulebook,
  trackFailing,
  waiversFor,
} from '../policy/index.ts';
import type { FailingSince, RuleFinding } from '../policy/types.ts';
import { type Change, insert, updateAny, updateOne } from '../storage/change.ts';
import type { Unit } from '../storage/store.ts';
import type { AttestingDevice } from './facts.ts';
import { flipRecords, flipsAfter } from './flips.ts';
import { verdictRecord } from './verdict-history.ts';

/** What new findings (of every policy, whatever resource it is for) do to the exceptions of a device. Handed in: exceptions stand above attestation. */
export type ExceptionEffects = (
  facts: DeviceFacts,
  findings: readonly RuleFinding[],
  now: Instant,
) => { changes: readonly Change[]; audit: readonly AuditEvent[] };

/** An attestation that was verified and is the next of its device. */
export interface Verified {
  device: AttestingDevice;
  claims: AttestationClaims;
  jws: string;
  hash: string;
  /** What to remember of its hardware, and what that adds to the record. */
  hardware: { hash: string | null; changes: readonly Change[] };
}

/**
 * Judges an attestation and says what is to be written. Pure. One that says nothing new writes two short rows
 * (attestations, evidence) and nothing else.
 *
 * @param verdictId used if the verdict differs from the last one
 */
export function accept(
  { device, claims, jws, hash, hardware }: Verified,
  rulebook: Rulebook,
  effects: ExceptionEffects,
  verdictId: string,
  now: Instant,
): { unit: Unit; verdict: Verdict } {
  const { facts } = device;
  const { readings, seq } = claims;
  const readingsHash = hashOfReadings(readings);
  const build = buildOf(readings);
  const isNews = facts.posture?.readingsHash !== readingsHash;
  const flips = isNews ? flipsAfter(facts, readings, rulebook, now) : (facts.posture?.flips ?? {});
  const judged = judgedReadings(facts, { readings, flips, build }, rulebook, now);
  const remembered = isNews ? whatFailed(facts, rulebook, now) : (facts.posture?.failingSince ?? {});
  const evidence = { ...judged, subject: subjectOf(facts), failingSince: remembered, now };
  const findings = evaluate({ ...evidence, rulebook, resource: null });
  // What is for certain resources is no part of the device's own verdict, but its deadlines start now too.
  const own = new Set(findings.filter(({ rule }) => !rule.usesResource).map(({ rule }) => rule));
  const others = rulebook.policies.filter(({ rules }) => rules.some((rule) => !own.has(rule)));
  const allFindings =
    others.length === 0
      ? findings
      : [
          ...findings.filter(({ policy }) => !others.includes(policy)),
          ...evaluateAll({ ...evidence, rulebook: { ...rulebook, policies: others } }),
        ];
  const failingSince = trackFailing(remembered, allFindings, now);
  const verdict = judge({
    findings,
    failingSince,
    waivers: waiversOf(facts, findings, now),
    policies: rulebook.policies,
    evidenceAt: now,
    now,
  });

  const recorded = verdictRecord(device.lastVerdict, verdict, { id: verdictId, deviceId: facts.id, seq }, now);
  const ended = effects(facts, allFindings, now);
  const turned = flipRecords(facts, { flips, build, brakes: rulebook.brakes }, now);
  const posture = { seq, readings, readingsHash, failingSince, jws, hardwareHash: hardware.hash, flips, build };
  return {
    verdict,
    unit: {
      changes: [
        insert('attestations', { device_id: facts.id, seq, hash, received_at: now }),
        evidenceChange(facts, { seq, hash, received_at: now }),
        ...postureChanges(facts, posture, now),
        ...turned.changes,
        ...hardware.changes,
        ...(claims.swversion === facts.agentVersion
          ? []
          : [updateAny('devices', { id: facts.id }, { agent_version: claims.swversion })]),
        ...recorded.changes,
        ...ended.changes,
      ],
      audit: [...recorded.audit, ...turned.audit, ...ended.audit],
    },
  };
}

/**
 * What is remembered of failures, with what fails now by the readings that are about to be replaced: a policy that was
 * raised since, or time alone, may have made them fail, and the device that goes blind next was seen failing all the same.
 */
function whatFailed(facts: DeviceFacts, rulebook: Rulebook, now: Instant): FailingSince {
  const { posture } = facts;
  if (posture === null) return {};
  const { failingSince } = posture;
  const judged = judgedReadings(facts, posture, rulebook, now);
  const findings = evaluateAll({ rulebook, subject: subjectOf(facts), ...judged, failingSince, now });
  const failed = findings.filter(({ outcome }) => outcome === 'fail');
  return { ...failingSince, ...trackFailing(failingSince, failed, now) };
}

function waiversOf(facts: DeviceFacts, findings: readonly RuleFinding[], now: Instant) {
  return waiversFor({
    exceptions: facts.exceptions,
    findings,
    personId: facts.owner.id,
    groups: facts.owner.groups,
    deviceId: facts.id,
    jkt: facts.jkt,
    resource: null,
    now,
  });
}

/** Guarded by what was read: of two attestations that both follow the same one, one is written. */
function evidenceChange(
  { id, evidence }: DeviceFacts,
  next: { seq: number; hash: string; received_at: number },
): Change {
  return evidence === null
    ? insert('evidence', { device_id: id, ...next })
    : updateOne('evidence', { device_id: id, seq: evidence.seq, hash: evidence.hash }, next);
}

interface NewPosture {
  seq: number;
  readings: Readings;
  readingsHash: string;
  failingSince: FailingSince;
  jws: string;
  hardwareHash: string | null;
  flips: Flips;
  build: string | null;
}

function postureChanges(facts: DeviceFacts, next: NewPosture, now: Instant): Change[] {
  const { id, posture, evidence } = facts;
  const { readingsHash, hardwareHash } = next;
  const failingSince = canonicalJson(next.failingSince);
  const isNews = posture?.readingsHash !== readingsHash;
  const said = () => ({
    seq: next.seq,
    readings: JSON.stringify(next.readings),
    readings_hash: readingsHash,
    changed_at: now,
    flips: canonicalJson(next.flips),
    os_build: next.build,
  });
  // The first after a release is kept whole too: it is the only one whose predecessor is not in the row before it.
  const keepsDocument = isNews || isFreshStart(evidence);
  const document = keepsDocument
    ? [insert('attestation_documents', { device_id: id, seq: next.seq, received_at: now, jws: next.jws })]
    : [];
  if (posture === null) {
    return [
      ...document,
      insert('postures', { device_id: id, ...said(), failing_since: failingSince, hardware_hash: hardwareHash }),
    ];
  }
  const isSame =
    !isNews &&
    canonicalJson(posture.failingSince) === failingSince &&
    posture.hardwareHash === hardwareHash &&
    posture.build === next.build;
  if (isSame) return document;
  // The build by itself: of postures from before builds were kept, the share that a brake asks about must know it, too.
  const set = {
    ...(isNews ? said() : {}),
    failing_since: failingSince,
    hardware_hash: hardwareHash,
    os_build: next.build,
  };
  return [...document, updateOne('postures', { device_id: id }, set)];
}

const hashes = new WeakMap<Readings, string>();

/** Over what the readings say: when they were collected is left out, or nothing would ever equal anything. */
function hashOfReadings(readings: Readings): string {
  let hash = hashes.get(readings);
  if (hash === undefined) {
    hash = computeHash(readings);
    hashes.set(readings, hash);
  }
  return hash;
}

function computeHash(readings: Readings): string {
  const said = Object.entries(readings).map(([check, reading]) => [check, { ...reading, collectedAt: null }]);
  return sha256(canonicalJson(Object.fromEntries(said)));
}
