import type { EmergencyRequest } from '@postern/shared/protocol/access';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import { type DeviceFacts, readDeviceFacts } from '../../devices/index.ts';
import type { Unit } from '../../storage/store.ts';
import { type AccessDeps, type Asking, prepare } from '../access/prepare.ts';
import { askingFor, namingTheOther } from '../access/request.ts';
import { approvalChange } from '../changes.ts';
import { apply } from '../deciding/decide.ts';
import { exceptionEvent } from '../events.ts';
import { refuseMoot } from '../deciding/moot.ts';
import { placeChanges } from '../places.ts';
import type { ApprovalPlan } from '../plan/index.ts';
import type { Actor } from '../asking/request.ts';
import { refuseUnknownResources } from '../asking/resources.ts';
import { settle } from '../settle.ts';
import { requestSubject } from '../asking/subjects.ts';
import { longestEmergencyMs } from '../templates/template-faults.ts';
import { joined } from '../units.ts';
import { wishOf } from '../asking/wish-of.ts';
import { refuseDebt } from './debt.ts';
import { openReview } from './open-review.ts';
import { readSkipped } from './skipped.ts';

/**
 * Lets somebody in, or waives rules for them, at once and without approval: for an hour at most, with a passkey, under a
 * template for emergencies that is for them. From what the policies except nobody, an emergency excepts nobody either.
 * Everybody who was skipped is named in the entry, and hears of it; a review is due within a day, and until it is decided
 * there is no other emergency for that person.
 *
 * @returns the id of the exception, which is in force
 * @throws Fault not_found, emergency_review_due and those in `emergencyErrors` (access/route-errors.ts)
 */
export async function useEmergency(
  deps: AccessDeps,
  asked: { deviceId: string; by: Actor; request: EmergencyRequest },
  now: Instant,
): Promise<string> {
  const { store } = deps;
  const { deviceId, by, request } = asked;
  const about = aboutOf(deviceId, request);
  const { resources } = about.wish;
  await refuseUnknownResources(store.read, about.wish.kind === 'device' ? resources : []);
  return await namingTheOther(deps, { personId: by.id, resources }, now, () =>
    settle(store, async () => {
      const facts = await readDeviceFacts(store.read, { id: deviceId });
      if (facts === undefined || facts.owner.id !== by.id) throw new Fault('not_found');
      const guard = await refuseDebt(store.read, by.id);
      const prepared = await prepare(deps, { facts, by, ...about }, emergencyOnly, now);
      const used = await use(deps, facts, prepared, now);
      const guarded: Unit = { changes: [guard(prepared.record.id)], audit: [] };
      return { device: facts, unit: joined(prepared.unit, used, guarded), result: prepared.record.id };
    }),
  );
}

function aboutOf(deviceId: string, request: EmergencyRequest): Pick<Asking, 'wish' | 'subject' | 'answer'> {
  if ('resource' in request) return askingFor(deviceId, request);
  const subject = requestSubject({ device: deviceId, request });
  return { wish: wishOf(request), subject, answer: request.stepUp };
}

/** What puts a request into force that nobody approves, in the unit that makes it. */
async function use(
  deps: AccessDeps,
  facts: DeviceFacts,
  { record, rulebook }: Awaited<ReturnType<typeof prepare>>,
  now: Instant,
): Promise<Unit> {
  const used = apply(record, { kind: 'emergency-use' }, now);
  const after = { ...used, observed: refuseMoot(rulebook, facts, used, now) };
  const review = openReview(deps, after, now);
  const { kind, role, resources, durationMs, beginsAt, expiresAt, requestHash } = after;
  const data = {
    kind,
    role,
    durationMs,
    beginsAt,
    expiresAt,
    requestHash,
    resources: [...resources],
    skipped: await readSkipped(deps.store.read, facts, after),
    review: review.id,
    reviewDueAt: review.dueAt,
  };
  const actor = { kind: 'person' as const, id: record.requestedBy };
  return {
    changes: [approvalChange(record, after), ...placeChanges(after), review.change],
    audit: [exceptionEvent('emergency.used', after, now, actor, { data })],
  };
}

/** What holds in every emergency, whatever a template says besides. Throws Fault template_not_for_you for any other template. */
function emergencyOnly(plan: ApprovalPlan): ApprovalPlan {
  if (!plan.emergency) {
    const message = 'is not for emergencies: what is asked for under it waits for its approval';
    throw new Fault('template_not_for_you', { details: [{ path: 'body.template', message }] });
  }
  const maxDurationMs = Math.min(plan.maxDurationMs, longestEmergencyMs);
  return { ...plan, maxDurationMs, stepUp: { ...plan.stepUp, request: 'passkey' } };
}
