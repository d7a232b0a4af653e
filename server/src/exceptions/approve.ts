import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { type DeviceFacts, subjectOf } from '../devices/index.ts';
import { countsAsFailing, type Rulebook, voidCause } from '../policy/index.ts';
import type { Unit } from '../storage/store.ts';
import { announceEnded } from './announce.ts';
import { approvalChange, endingChanges, voteChange } from './changes.ts';
import { apply, decide } from './decide.ts';
import { endingEvent, exceptionEvent } from './events.ts';
import { refuseNotLonger } from './extend.ts';
import { refuseOtherDevice, refuseUnfitDevice } from './fitness.ts';
import type { Approval } from './lifecycle.ts';
import { findingsFor, observedOf } from './observe.ts';
import { placeChanges } from './places.ts';
import { readChainStart, readException } from './read.ts';
import type { ExceptionRecord } from './record.ts';
import { refuseUnknownResources } from './resources.ts';
import { checkDuration, rulesFor, termsOf } from './terms.ts';

type ApproveDeps = Pick<Deps, 'store' | 'policies'>;

/** Who approves what, and what they cut of it. */
interface Approving extends Pick<Approval, 'by' | 'requestHash' | 'durationMs' | 'rules' | 'resources'> {
  id: string;
  reason?: string | undefined;
}

/**
 * Records an approval; with the last one needed the exception is in force from this instant.
 *
 * @throws Fault not_found, self_approval, already_decided, exception_changed, exception_widened, exception_state,
 *   exception_not_needed, exception_not_longer, exception_too_long, exception_not_allowed, exception_rule_unknown,
 *   exception_overlaps, resource_unknown, device_state_invalid, device_quarantined, owner_inactive, never_attested, conflict
 */
export async function approveException(deps: ApproveDeps, approving: Approving, now: Instant): Promise<void> {
  const { id, reason, ...cut } = approving;
  const { by } = cut;
  await decide(deps, { id, by, kind: 'approve' }, now, async (record, facts) => {
    const approval: Approval = { ...cut, kind: 'approve', ownerId: facts.owner.id, groups: [] };
    let after = apply(record, approval, now);
    refuseUnfitDevice(facts);
    refuseOtherDevice(facts, record);
    await refuseUnknownResources(deps.store.read, cut.resources ?? []);

    // By the policies of now: what they allowed when it was asked for may be too much by today.
    const rulebook = await deps.policies.at(facts.policyEpoch);
    const terms = termsOf(after.rules, rulesFor(rulebook, subjectOf(facts), after.resources), facts.owner.groups);
    if (terms.approvals > record.approvalsNeeded)
      after = apply({ ...record, approvalsNeeded: terms.approvals }, approval, now);
    checkDuration(after.durationMs, terms, await readChainStart(deps.store.read, record.extendsId), now);

    const inForce = after.state === 'active';
    const replaced = inForce ? await replace(deps, after, by, now) : nothing;
    if (inForce) after = { ...after, observed: observe(rulebook, facts, after, now) };
    return {
      changes: [
        voteChange(record, { by, verdict: 'approve', reason }, now),
        ...replaced.changes,
        approvalChange(record, after),
        ...placeChanges(after),
      ],
      audit: [...replaced.audit, approvalEvent(after, by, reason, now)],
    };
  });
}

const nothing: Unit = { changes: [], audit: [] };

/** What an extension takes the place of, which ends in the same unit. When that ran out meanwhile there is no place to take. */
async function replace({ store }: ApproveDeps, extension: ExceptionRecord, by: string, now: Instant): Promise<Unit> {
  const old = extension.extendsId === null ? undefined : await readException(store.read, extension.extendsId);
  if (old === undefined) return nothing;
  const expired = announceEnded([old], now);
  if (expired.changes.length > 0 || old.state === 'expired') return expired;
  const { state } = apply(old, { kind: 'supersede' }, now);
  refuseNotLonger(old, extension.expiresAt ?? now);
  const reason = `Its extension ${extension.id} took its place.`;
  const data = { extension: extension.id };
  return {
    changes: endingChanges(old, { state, at: now, by, reason }),
    audit: [endingEvent('superseded', old, now, { kind: 'person', id: by }, { data })],
  };
}

/**
 * What the rules say at approval. An exception that waives nothing is refused rather than kept, and so is one whose
 * device is worse off than what was asked for, and seen by who decides: that is another request.
 */
function observe(
  rulebook: Rulebook,
  facts: DeviceFacts,
  record: ExceptionRecord,
  now: Instant,
): ExceptionRecord['observed'] {
  const findings = findingsFor(rulebook, facts, record.rules, now);
  if (!findings.some(countsAsFailing)) throw new Fault('exception_not_needed');
  const holder = { findings, personId: facts.owner.id, deviceId: facts.id, jkt: facts.jkt, now };
  const cause = voidCause({ ...holder, exception: record });
  if (cause?.cause === 'posture-worse') throw new Fault('exception_changed', { members: { reason: cause.sentence } });
  return observedOf(findings);
}

function approvalEvent(after: ExceptionRecord, by: string, text: string | undefined, now: Instant): AuditEvent {
  const type = after.state === 'active' ? 'exception.approved' : 'exception.approval-recorded';
  const observed = Object.entries(after.observed).map(([rule, { ruleHash, policyVersion, outcome }]) => ({
    rule,
    ruleHash,
    policyVersion,
    outcome,
  }));
  const data = {
    approvals: after.decisions.filter(({ verdict, counts }) => verdict === 'approve' && counts).length,
    approvalsNeeded: after.approvalsNeeded,
    resources: [...after.resources],
    durationMs: after.durationMs,
    expiresAt: after.expiresAt,
    requestHash: after.requestHash,
    observed,
  };
  return exceptionEvent(type, after, now, { kind: 'person', id: by }, { data, text });
}
