import { type ComplianceStatus, type Initiator, signalTypes } from '@postern/shared/protocol/signal';
import type { Instant } from '@postern/shared/time';
import { trustReason } from './reasons.ts';
import type { Signal } from './signal.ts';
import type { Trust } from './trust.ts';

/** Why a device was looked at. */
export interface Occasion {
  at: Instant;
  initiator: Initiator;
  txn: string;
}

/** What receivers know of a device. */
export type Known = Pick<Trust, 'status' | 'exceptFor'>;

/** That a device is trusted in another way than before. */
export interface TrustChange extends Occasion {
  device: string;
  user: string;
  before: Known;
  after: Trust;
}

/**
 * What a gateway is to hear of it, by what it protects: a device is compliant there as long as it may have anything there. Where
 * it may have less than before, its sessions end: for what it may still have it gets new tokens at once.
 *
 * @returns undefined when nothing has changed there
 */
export function changeAt(change: TrustChange, resources: readonly string[]): Signal | undefined {
  const { before, after, device, user, at, initiator, txn } = change;
  const had = resources.filter((name) => isTrustedAt(before, name));
  const has = resources.filter((name) => isTrustedAt(after, name));
  const signal = {
    subject: { device, user },
    initiator,
    happenedAt: at,
    txn,
    reason: trustReason(after),
    resources: null,
  };
  const compliance = (from: ComplianceStatus, to: ComplianceStatus): Signal => ({
    ...signal,
    type: signalTypes.complianceChange,
    claims: { previous_status: from, current_status: to },
    reason: to === 'compliant' ? trustReason({ cause: 'compliant', rules: [] }) : trustReason(inTheWay(after)),
  });
  if (had.length > 0 && has.length === 0) return compliance('compliant', 'not-compliant');
  if (had.length === 0 && has.length > 0) return compliance('not-compliant', 'compliant');
  if (had.every((name) => has.includes(name))) return undefined;
  return { ...signal, type: signalTypes.sessionRevoked, claims: {}, reason: trustReason(inTheWay(after)) };
}

function isTrustedAt({ status, exceptFor }: Known, resource: string): boolean {
  return (status === 'compliant') !== exceptFor.includes(resource);
}

/** Where it is trusted in general it is rules for something in particular that are in the way. */
function inTheWay({ cause, rules }: Trust): Pick<Trust, 'cause' | 'rules'> {
  return { cause: cause === 'compliant' ? 'posture_refused' : cause, rules };
}
