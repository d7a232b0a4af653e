import { Fault } from '@postern/shared/protocol/errors';
import type { ExceptionRequest } from '@postern/shared/protocol/exception';
import { type Instant, parseDuration } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { readDeviceFacts, subjectOf } from '../devices/index.ts';
import { refuseUnfitDevice } from './fitness.ts';
import { newRequest, refuseTooMany } from './new-request.ts';
import { findingsFor, observedOf } from './observe.ts';
import { findOverlap } from './places.ts';
import { readOpenExceptions } from './read.ts';
import { refuseUnknownResources } from './resources.ts';
import { settle } from './settle.ts';
import { plainPlan } from './plan/index.ts';
import { checkDuration, rulesFor, termsOf } from './terms.ts';

/**
 * Asks for an exception for the owner of a device. Nothing is waived before somebody else approves.
 *
 * @param asked.by the person who asks: the owner, or somebody for them
 * @returns the id of the new request
 * @throws Fault not_found, device_state_invalid, device_quarantined, owner_inactive, never_attested, resource_unknown,
 *   exception_rule_unknown, exception_not_allowed, exception_too_long, exception_overlaps, exception_too_many, conflict
 */
export async function requestException(
  deps: Pick<Deps, 'store' | 'random' | 'policies' | 'config'>,
  asked: { deviceId: string; by: string; request: ExceptionRequest },
  now: Instant,
): Promise<string> {
  const { store } = deps;
  const wish = {
    ...asked.request,
    kind: 'device' as const,
    role: null,
    startsAt: null,
    rules: [...new Set(asked.request.rules)],
    resources: [...new Set(asked.request.resources)],
    durationMs: parseDuration(asked.request.duration) ?? 0,
  };
  await refuseUnknownResources(store.read, wish.resources);
  return await settle(store, async () => {
    const facts = await readDeviceFacts(store.read, { id: asked.deviceId });
    if (facts === undefined) throw new Fault('not_found');
    refuseUnfitDevice(facts);
    const rulebook = await deps.policies.at(facts.policyEpoch);
    const terms = termsOf(wish.rules, rulesFor(rulebook, subjectOf(facts), wish.resources), facts.owner.groups);
    checkDuration(wish.durationMs, terms, null, now);

    const open = await readOpenExceptions(store.read, facts.id);
    const overlap = findOverlap(open, { ...wish, personId: facts.owner.id, deviceId: facts.id }, now);
    if (overlap !== undefined) throw new Fault('exception_overlaps', { members: { exception: overlap.id } });
    refuseTooMany(open, now);

    const { by } = asked;
    const observed = observedOf(findingsFor(rulebook, facts, wish.rules, now));
    const { record, unit } = newRequest(
      deps,
      { facts, by, wish, plan: plainPlan(terms.approvals), setId: null, authn: null, observed, extended: null, open },
      now,
    );
    return { device: facts, unit, result: record.id };
  });
}
