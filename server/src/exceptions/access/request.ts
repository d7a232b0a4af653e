import type { AccessRequest } from '@postern/shared/protocol/exception';
import { Fault } from '@postern/shared/protocol/errors';
import { fromTimestamp, type Instant, parseDuration } from '@postern/shared/time';
import { readDeviceFacts } from '../../devices/index.ts';
import { approveAtOnce } from '../deciding/at-once.ts';
import type { ApprovalPlan } from '../plan/index.ts';
import { refuseEmergency } from '../asking/prepare-request.ts';
import type { Actor } from '../asking/request.ts';
import { settle } from '../settle.ts';
import { requestSubject } from '../asking/subjects.ts';
import { joined } from '../units.ts';
import { findAccessHolder } from './holder.ts';
import { type AccessDeps, type Asking, prepare } from './prepare.ts';

/**
 * Asks for temporary access to one resource in one role, for oneself and on a device of one's own. Nothing opens before it
 * is approved, unless a condition of the template approves it.
 *
 * @returns the id of the new request
 * @throws Fault not_found, access_not_offered, and those in `accessErrors` (route-errors.ts)
 */
export async function requestAccess(
  deps: AccessDeps,
  asked: { deviceId: string; by: Actor; request: AccessRequest },
  now: Instant,
): Promise<string> {
  const { store } = deps;
  const { deviceId, by, request } = asked;
  return await namingTheOther(deps, { personId: by.id, resources: [request.resource] }, now, () =>
    settle(store, async () => {
      const facts = await readDeviceFacts(store.read, { id: deviceId });
      if (facts === undefined || facts.owner.id !== by.id) throw new Fault('not_found');
      const asking = { facts, by, ...askingFor(deviceId, request) };
      const { record, unit, rulebook } = await prepare(deps, asking, notEmergency, now);
      const approved = approveAtOnce(record, { facts, rulebook }, now);
      return { device: facts, unit: joined(unit, approved), result: record.id };
    }),
  );
}

/** What is asked for with a request for access, and the proof that came along. */
export function askingFor(deviceId: string, request: AccessRequest): Pick<Asking, 'wish' | 'subject' | 'answer'> {
  const { resource, role, duration, startsAt, justification, ticket, reasonCode, template, stepUp } = request;
  return {
    wish: {
      kind: 'access',
      role,
      justification,
      ticket,
      reasonCode,
      template,
      rules: [],
      resources: [resource],
      durationMs: parseDuration(duration) ?? 0,
      startsAt: startsAt === undefined ? null : fromTimestamp(startsAt),
    },
    subject: requestSubject({ device: deviceId, access: request }),
    answer: stepUp,
  };
}

/** Of two requests at the same instant only one gets the place; the other hears which. */
export async function namingTheOther<Result>(
  { store }: Pick<AccessDeps, 'store'>,
  place: { personId: string; resources: readonly string[] },
  now: Instant,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'exception_overlaps' || 'exception' in error.members) throw error;
    const holder = await findAccessHolder(store.read, place, now);
    if (holder === undefined) throw error;
    throw new Fault('exception_overlaps', { members: { exception: holder.record.id }, cause: error });
  }
}

function notEmergency(plan: ApprovalPlan): ApprovalPlan {
  refuseEmergency(plan);
  return plan;
}
