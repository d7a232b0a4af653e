import { Fault } from '@postern/shared/protocol/errors';
import type { ExceptionExtension } from '@postern/shared/protocol/exception';
import { type Instant, parseDuration } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { readDeviceFacts } from '../../devices/index.ts';
import { proveStepUp } from '../../step-up/index.ts';
import { assessRequest } from './assess.ts';
import { refuseOtherDevice } from './fitness.ts';
import { effectiveState } from '../lifecycle/lifecycle.ts';
import { newRequest, refuseTooMany } from './new-request.ts';
import { refuseEmergency } from './prepare-request.ts';
import { readChain, readException, readOpenExceptions } from '../read.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import type { Actor } from './request.ts';
import { settle } from '../settle.ts';
import { requestSubject } from './subjects.ts';
import { joined } from '../units.ts';

/**
 * Asks for more time for an exception in force: the same scope, the same approvals, counted from the approval like any
 * other. It takes the other's place when it is approved, and counts with all that it extends towards the policy's total.
 *
 * @param asked.deviceId the device that its person speaks through; absent: they are signed in
 * @returns the id of the new request
 * @throws Fault not_found, exception_state, exception_not_longer and those in `requestErrors` (route-parts.ts)
 */
export async function requestExtension(
  deps: Pick<Deps, 'store' | 'random' | 'policies' | 'config'>,
  asked: { id: string; deviceId?: string; by: Actor; request: ExceptionExtension },
  now: Instant,
): Promise<string> {
  const { store } = deps;
  const { id, by, request } = asked;
  const { justification } = request;
  const durationMs = parseDuration(request.duration) ?? 0;
  return await settle(store, async () => {
    const found = await readException(store.read, id);
    const deviceId = asked.deviceId ?? found?.deviceId;
    const facts = deviceId === undefined ? undefined : await readDeviceFacts(store.read, { id: deviceId });
    // Again: what is decided on is no older than the device, whose epoch is the guard.
    const old = await readException(store.read, id);
    if (facts === undefined || old === undefined || old.deviceId !== facts.id || old.personId !== by.id)
      throw new Fault('not_found');
    refuseOtherDevice(facts, old);
    const state = effectiveState(old, now);
    if (state !== 'active') throw new Fault('exception_state', { members: { state } });
    if (old.emergency) throw new Fault('exception_not_allowed', { details: [neverLonger] });

    const { kind, role, said, plan: oldPlan } = old;
    const wish = {
      kind,
      role,
      startsAt: null,
      durationMs,
      justification,
      rules: [...old.rules],
      resources: [...old.resources],
      ticket: said.ticket ?? undefined,
      reasonCode: said.reasonCode ?? undefined,
      template: oldPlan.template?.name,
    };
    const chain = await readChain(store.read, old.id);
    const { plan, observed } = await assessRequest(deps, facts, wish, chain, now);
    refuseEmergency(plan);
    refuseNotLonger(old, now + durationMs);

    const open = await readOpenExceptions(store.read, facts.id);
    const waiting = open.find((each) => each.extendsId === old.id && effectiveState(each, now) === 'pending');
    if (waiting !== undefined) throw new Fault('exception_overlaps', { members: { exception: waiting.id } });
    refuseTooMany(open, now);

    const subject = { purpose: 'request' as const, hash: requestSubject({ exception: id, extension: request }) };
    const proof = await proveStepUp(
      deps,
      { who: by, level: plan.stepUp.request, subject, answer: request.stepUp },
      now,
    );
    const { record, unit } = newRequest(
      deps,
      { facts, by: by.id, wish, plan, setId: null, authn: proof.authn, observed, extended: old, open },
      now,
    );
    return { device: facts, unit: joined(proof.unit, unit), result: record.id };
  });
}

const neverLonger = { path: 'body.duration', message: 'an emergency is not extended: ask for what comes after it' };

/** Throws Fault exception_not_longer: an extension that ends sooner would take away what was granted. */
export function refuseNotLonger(old: ExceptionRecord, expiresAt: Instant): void {
  if (old.expiresAt !== null && expiresAt <= old.expiresAt) throw new Fault('exception_not_longer');
}
