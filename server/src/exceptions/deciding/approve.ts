import { Fault } from '@postern/shared/protocol/errors';
import type { Authn, StepUpAnswer } from '@postern/shared/protocol/step-up';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { proveStepUp, type StepUpProof } from '../../step-up/index.ts';
import type { Unit } from '../../storage/store.ts';
import { announceEnded } from '../announce.ts';
import { approvalEvent } from './approval-event.ts';
import { assess } from '../asking/assess.ts';
import { approvalChange, endingChanges, voteChange } from '../changes.ts';
import { apply, decide } from './decide.ts';
import { readDecider } from './decider.ts';
import { endingEvent } from '../events.ts';
import { refuseNotLonger } from '../asking/extend.ts';
import { refuseOtherDevice, refuseUnfitDevice } from '../asking/fitness.ts';
import type { Approval } from '../lifecycle/lifecycle.ts';
import { refuseMoot } from './moot.ts';
import { type ApprovalPlan, approvalsOf } from '../plan/index.ts';
import { placeChanges } from '../places.ts';
import { readChain, readException } from '../read.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import type { Actor } from '../asking/request.ts';
import { refuseUnknownResources } from '../asking/resources.ts';
import { isEnough, stricter } from '../lifecycle/stricter.ts';
import { decisionSubject } from '../asking/subjects.ts';
import { checkDuration, type Terms } from '../asking/terms.ts';
import { joined } from '../units.ts';

type ApproveDeps = Pick<Deps, 'store' | 'policies' | 'config'>;

/** Who approves what, what they cut of it, and how they show who they are. */
interface Approving extends Pick<Approval, 'requestHash' | 'durationMs' | 'rules' | 'resources'> {
  id: string;
  by: Actor;
  reason?: string | undefined;
  stepUp?: StepUpAnswer | undefined;
  /** What they showed for several requests together, this one among them. */
  shown?: Authn | null;
}

/**
 * Records an approval; with the last one needed the exception is granted. What it takes is found anew, by the policies and
 * templates of now: what they allowed when it was asked for may be too much by today.
 *
 * @throws Fault not_found and those in `approvalErrors` (route-parts.ts)
 */
export async function approveException(deps: ApproveDeps, approving: Approving, now: Instant): Promise<void> {
  const { id, by, reason, stepUp, shown, ...cut } = approving;
  let firstSeen: string | undefined;
  await decide(deps, { id, by: by.id, kind: 'approve' }, now, async (asked, facts) => {
    // Edited while this was decided: that is another request, which whoever approved the first has not seen.
    firstSeen ??= asked.requestHash;
    if (firstSeen !== asked.requestHash) throw new Fault('exception_changed');
    const decider = await readDecider(deps.store.read, by.id);
    const approval: Approval = { ...cut, ...decider, kind: 'approve', ownerId: facts.owner.id };
    const seen = apply(asked, approval, now);
    refuseUnfitDevice(facts);
    refuseOtherDevice(facts, asked);
    await refuseUnknownResources(deps.store.read, cut.resources ?? []);

    const chain = await readChain(deps.store.read, asked.extendsId);
    const { rulebook, terms, plan: planNow } = await assess(deps, facts, soughtOf(seen), chain, now);
    const plan = stricter(asked.plan, planNow);
    const record = { ...asked, plan, approvalsNeeded: Math.max(asked.approvalsNeeded, approvalsOf(plan)) };
    let after = apply(record, approval, now);
    checkDuration(after.durationMs, shorter(terms, plan), chain?.startedAt ?? null, now);
    const level = record.plan.stepUp.approval;
    const proof =
      shown !== undefined && isEnough(shown, level)
        ? { authn: shown, unit: { changes: [], audit: [] } }
        : await prove(deps, { record, by, cut, answer: stepUp }, now);

    const isGranted = after.state === 'active';
    const replaced = isGranted ? await replace(deps, after, by.id, now) : { changes: [], audit: [] };
    if (isGranted) after = { ...after, observed: refuseMoot(rulebook, facts, after, now) };
    const { authn } = proof;
    const vote = voteChange(record, { by: by.id, verdict: 'approve', reason, authn }, now);
    const actor = { kind: 'person' as const, id: by.id };
    const data = { authn: authn?.level ?? null };
    const entry = approvalEvent(after, actor, { data, text: reason }, now);
    const changes = [approvalChange(record, after), ...placeChanges(after)];
    return joined(proof.unit, { changes: [vote], audit: [] }, replaced, { changes, audit: [entry] });
  });
}

function soughtOf(record: ExceptionRecord) {
  const { id, kind, role, rules, resources, durationMs, startsAt, said, plan } = record;
  return {
    exception: id,
    kind,
    role,
    durationMs,
    startsAt,
    rules: [...rules],
    resources: [...resources],
    ticket: said.ticket ?? undefined,
    reasonCode: said.reasonCode ?? undefined,
    template: plan.template?.name,
  };
}

/** Within which times it must be by the policies of now and by every plan that there was for it. */
function shorter(terms: Terms, plan: ApprovalPlan): Terms {
  const { maxDurationMs, maxTotalMs } = plan;
  return {
    ...terms,
    maxDurationMs: Math.min(terms.maxDurationMs, maxDurationMs),
    maxTotalMs: Math.min(terms.maxTotalMs, maxTotalMs),
  };
}

/** How the approver shows who they are, for exactly this request and what they make of it. */
async function prove(
  deps: ApproveDeps,
  given: {
    record: ExceptionRecord;
    by: Actor;
    cut: Pick<Approval, 'durationMs' | 'rules' | 'resources'>;
    answer: StepUpAnswer | undefined;
  },
  now: Instant,
): Promise<StepUpProof> {
  const { record, by, cut, answer } = given;
  const { durationMs, rules, resources } = cut;
  const about = { exception: record.id, requestHash: record.requestHash, durationMs, rules, resources };
  const subject = { purpose: 'decide' as const, hash: decisionSubject(about) };
  return proveStepUp(deps, { who: by, level: record.plan.stepUp.approval, subject, answer }, now);
}

/** What an extension takes the place of, which ends in the same unit. When that ran out meanwhile there is no place to take. */
async function replace({ store }: ApproveDeps, extension: ExceptionRecord, by: string, now: Instant): Promise<Unit> {
  const old = extension.extendsId === null ? undefined : await readException(store.read, extension.extendsId);
  if (old === undefined) return { changes: [], audit: [] };
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
