import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { readDeviceFacts, subjectOf } from '../devices/index.ts';
import { refuseUnfitDevice } from './fitness.ts';
import { effectiveState } from './lifecycle.ts';
import { newRequest, refuseTooMany } from './new-request.ts';
import { findingsFor, observedOf } from './observe.ts';
import { readChainStart, readException, readOpenExceptions } from './read.ts';
import type { ExceptionRecord } from './record.ts';
import { settle } from './settle.ts';
import { plainPlan } from './plan/index.ts';
import { checkDuration, rulesFor, termsOf } from './terms.ts';

/**
 * Asks for more time for an exception in force: the same scope, the same approvals, counted from the approval like any
 * other. It takes the other's place when it is approved, and counts with all that it extends towards the policy's total.
 *
 * @returns the id of the new request
 * @throws Fault not_found, exception_state, device_state_invalid, device_quarantined, owner_inactive, never_attested,
 *   exception_rule_unknown, exception_not_allowed, exception_too_long, exception_not_longer, exception_overlaps,
 *   exception_too_many, conflict
 */
export async function requestExtension(
  deps: Pick<Deps, 'store' | 'random' | 'policies' | 'config'>,
  asked: { id: string; deviceId: string; by: string; durationMs: number; justification: string },
  now: Instant,
): Promise<string> {
  const { store } = deps;
  const { by, durationMs, justification } = asked;
  return await settle(store, async () => {
    const facts = await readDeviceFacts(store.read, { id: asked.deviceId });
    const old = await readException(store.read, asked.id);
    if (facts === undefined || old === undefined || old.deviceId !== facts.id || old.personId !== by)
      throw new Fault('not_found');
    const state = effectiveState(old, now);
    if (state !== 'active') throw new Fault('exception_state', { members: { state } });
    refuseUnfitDevice(facts);

    const rulebook = await deps.policies.at(facts.policyEpoch);
    const terms = termsOf(old.rules, rulesFor(rulebook, subjectOf(facts), old.resources), facts.owner.groups);
    checkDuration(durationMs, terms, await readChainStart(store.read, old.id), now);
    refuseNotLonger(old, now + durationMs);

    const open = await readOpenExceptions(store.read, facts.id);
    const waiting = open.find((each) => each.extendsId === old.id && effectiveState(each, now) === 'pending');
    if (waiting !== undefined) throw new Fault('exception_overlaps', { members: { exception: waiting.id } });
    refuseTooMany(open, now);

    const wish = {
      kind: old.kind,
      role: old.role,
      startsAt: null,
      rules: [...old.rules],
      resources: [...old.resources],
      durationMs,
      justification,
    };
    const observed = observedOf(findingsFor(rulebook, facts, wish.rules, now));
    const { record, unit } = newRequest(
      deps,
      { facts, by, wish, plan: plainPlan(terms.approvals), setId: null, authn: null, observed, extended: old, open },
      now,
    );
    return { device: facts, unit, result: record.id };
  });
}

/** Throws Fault exception_not_longer: an extension that ends sooner would take away what was granted. */
export function refuseNotLonger(old: ExceptionRecord, expiresAt: Instant): void {
  if (old.expiresAt !== null && expiresAt <= old.expiresAt) throw new Fault('exception_not_longer');
}
