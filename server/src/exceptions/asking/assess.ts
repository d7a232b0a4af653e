import { Fault } from '@postern/shared/protocol/errors';
import { day, type Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { type DeviceFacts, subjectOf } from '../../devices/index.ts';
import type { Rulebook } from '../../policy/index.ts';
import { refuseUnfitDevice } from './fitness.ts';
import type { Wish } from './new-request.ts';
import { findingsFor, observedOf } from '../observe.ts';
import { type ApprovalPlan, plainPlan, planRequest } from '../plan/index.ts';
import type { Chain } from '../read.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import { leftOf, readHad } from './time-had.ts';
import { checkDuration, rulesFor, type Terms, termsOf } from './terms.ts';

/** What is asked for, as far as it decides whether it may be and what it takes. */
export interface Sought extends Pick<
  Wish,
  'kind' | 'role' | 'rules' | 'resources' | 'durationMs' | 'startsAt' | 'ticket' | 'reasonCode'
> {
  template: string | undefined;
  /** The request, where it is there already. */
  exception?: string | undefined;
}

interface Assessed {
  rulebook: Rulebook;
  /** The shortest times of the policies and the plan. */
  terms: Terms;
  plan: ApprovalPlan;
}

/** How far ahead an exception may be asked for. */
const furthestStartMs = 30 * day;

/**
 * What it takes to grant this on this device, by the policies and templates of now, and within which times.
 *
 * @param chain of what it extends; null when it extends nothing
 * @throws Fault exception_rule_unknown, exception_not_allowed and those of planRequest
 */
export async function assess(
  deps: Pick<Deps, 'store' | 'policies'>,
  facts: DeviceFacts,
  sought: Sought,
  chain: Chain | null,
  now: Instant,
): Promise<Assessed> {
  const rulebook = await deps.policies.at(facts.policyEpoch);
  const rules = rulesFor(rulebook, subjectOf(facts), sought.resources);
  const allowed = termsOf(sought.rules, rules, facts.owner.groups);
  const { approvals } = allowed;
  const { ticket, reasonCode } = sought;
  const asked = { ...sought, ticket, reasonCode, renewals: chain?.renewals ?? 0, isExtension: chain !== null };
  const planned = await planRequest(deps, { facts, rulebook, approvals }, asked, now);
  // What is there was granted for its own time, by people or by a condition. More of it is for people alone.
  const isByItself = chain === null && isAutomatic(planned, sought, rules);
  const plan = isByItself ? planned : withPeople(planned, approvals);
  const extendsId = chain?.tip ?? null;
  const had = sought.kind === 'device' ? await readHad(deps.store.read, facts, now) : [];
  const concerned = sought.rules.flatMap((reference) => rules.get(reference) ?? []);
  const terms = {
    approvals,
    leftMs: leftOf(had, concerned, plan, { posture: facts.posture, extendsId, startsAt: sought.startsAt }, now),
    maxDurationMs: Math.min(allowed.maxDurationMs, plan.maxDurationMs),
    maxTotalMs: Math.min(allowed.maxTotalMs, plan.maxTotalMs),
  };
  return { rulebook, terms, plan };
}

/**
 * The same for what is asked for now, which must be within its times; with what the rules find on the device.
 *
 * @throws Fault device_state_invalid, device_quarantined, owner_inactive, never_attested, exception_too_long,
 *   exception_start_invalid and those of assess
 */
export async function assessRequest(
  deps: Pick<Deps, 'store' | 'policies'>,
  facts: DeviceFacts,
  wish: Sought,
  chain: Chain | null,
  now: Instant,
): Promise<Assessed & { observed: ExceptionRecord['observed'] }> {
  refuseUnfitDevice(facts);
  const assessed = await assess(deps, facts, wish, chain, now);
  checkDuration(wish.durationMs, assessed.terms, chain?.startedAt ?? null, now);
  checkStart(wish, assessed.plan, now);
  return { ...assessed, observed: observedOf(findingsFor(assessed.rulebook, facts, wish.rules, now)) };
}

/** A template may approve by itself only what every policy concerned leaves to it. */
function isAutomatic(plan: ApprovalPlan, { rules }: Sought, known: ReturnType<typeof rulesFor>): boolean {
  return plan.autoApprovedBy !== null && rules.every((rule) => known.get(rule)?.exceptions?.autoApprove === true);
}

/** A plan that does not approve by itself; where it would have asked nobody, it asks as many as the policies do. */
function withPeople(plan: ApprovalPlan, approvals: number): ApprovalPlan {
  const stages = plan.stages.length > 0 || plan.emergency ? plan.stages : plainPlan(approvals).stages;
  return { ...plan, stages, autoApprovedBy: null };
}

function checkStart({ kind, startsAt }: Pick<Wish, 'kind' | 'startsAt'>, plan: ApprovalPlan, now: Instant): void {
  if (startsAt === null) return;
  const isAhead = Number.isFinite(startsAt) && startsAt > now && startsAt <= now + furthestStartMs;
  const message = isAhead ? 'begins by itself, so no start can be chosen' : 'must be ahead, by 30 days at most';
  const waitsForUse = kind === 'access' && plan.begins === 'first-use';
  if (!isAhead || waitsForUse || plan.emergency)
    throw new Fault('exception_start_invalid', { details: [{ path: 'body.startsAt', message }] });
}
