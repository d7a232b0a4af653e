import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { DeviceFacts } from '../../devices/index.ts';
import { assessRequest } from './assess.ts';
import { refuseTooMany, type Wish } from './new-request.ts';
import type { ApprovalPlan } from '../plan/index.ts';
import { findOverlap } from '../places.ts';
import { readOpenExceptions } from '../read.ts';

/**
 * What a new request for a device takes, after all that could stand in its way.
 *
 * @throws Fault those in `requestErrors` (route-parts.ts) but for the proof of who asks
 */
export async function prepareRequest(
  deps: Pick<Deps, 'store' | 'policies'>,
  facts: DeviceFacts,
  wish: Wish & { template: string | undefined },
  now: Instant,
) {
  const assessed = await assessRequest(deps, facts, wish, null, now);
  refuseEmergency(assessed.plan);
  const open = await readOpenExceptions(deps.store.read, facts.id);
  const overlap = findOverlap(open, { ...wish, personId: facts.owner.id, deviceId: facts.id }, now);
  if (overlap !== undefined) throw new Fault('exception_overlaps', { members: { exception: overlap.id } });
  refuseTooMany(open, now);
  return { ...assessed, open };
}

/** Throws Fault template_not_for_you for what is granted without approval: there is another way to ask for that. */
export function refuseEmergency({ emergency }: ApprovalPlan): void {
  if (!emergency) return;
  const message = 'is for emergencies, which are asked for under /emergency';
  throw new Fault('template_not_for_you', { details: [{ path: 'body.template', message }] });
}
