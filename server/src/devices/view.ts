import type { Id } from '@postern/shared/ids';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import type { OwnDevice } from '@postern/shared/protocol/device';
import { toTimestamp } from '@postern/shared/time';
import type { DeviceFacts } from './facts.ts';
import { isFreshStart } from './fresh-start.ts';
import type { Standing } from './standing.ts';

/** A device in lists, with its status at the moment of the answer. */
export function deviceSummary(facts: DeviceFacts, standing: Standing | undefined) {
  const { evidence, quarantine } = facts;
  return {
    id: facts.id as Id<'device'>,
    name: facts.name,
    platform: facts.platform,
    owner: { id: facts.owner.id as Id<'user'>, name: facts.owner.name },
    state: facts.state,
    quarantine: quarantine === null ? null : { cause: quarantine.cause, since: toTimestamp(quarantine.since) },
    keyProvider: facts.keyProvider,
    keyProtection: facts.keyProtection,
    ownership: facts.ownership,
    status: standing?.verdict.status ?? ('never-attested' as const),
    lastSeenAt: evidence === null || isFreshStart(evidence) ? null : toTimestamp(evidence.receivedAt),
    enrolledAt: toTimestamp(facts.enrolledAt),
  };
}

/**
 * A device as it sees itself, with all that is stored of what it sent.
 *
 * @param sent hashes of attestations that it says it signed
 */
export function ownDevice(
  facts: DeviceFacts,
  standing: Standing | undefined,
  exceptions: OwnDevice['exceptions'],
  sent: readonly string[],
  collect: CollectionPlan,
): OwnDevice {
  const { evidence } = facts;
  return {
    id: facts.id as Id<'device'>,
    name: facts.name,
    state: facts.state,
    quarantined: facts.quarantine !== null,
    owner: { id: facts.owner.id as Id<'user'>, name: facts.owner.name },
    keyProvider: facts.keyProvider,
    keyProtection: facts.keyProtection,
    ownership: facts.ownership,
    attestation:
      evidence === null
        ? null
        : {
            seq: evidence.seq,
            // After a release there is no attestation to keep from anybody: the hash says that history starts anew.
            hash: sent.includes(evidence.hash) || isFreshStart(evidence) ? evidence.hash : null,
            receivedAt: toTimestamp(evidence.receivedAt),
          },
    verdict: standing?.verdict ?? null,
    exceptions,
    sent: facts.posture?.readings ?? null,
    collect,
  };
}
