import { Fault } from '@postern/shared/protocol/errors';
import type { StepUpAnswer } from '@postern/shared/protocol/step-up';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { DeviceFacts } from '../../devices/index.ts';
import type { Rulebook } from '../../policy/index.ts';
import { proveStepUp } from '../../step-up/index.ts';
import type { Unit } from '../../storage/store.ts';
import { assessRequest } from '../asking/assess.ts';
import { newRequest, refuseTooMany, type Wish } from '../asking/new-request.ts';
import type { ApprovalPlan } from '../plan/index.ts';
import { findOverlap } from '../places.ts';
import { readOpenExceptions } from '../read.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import type { Actor } from '../asking/request.ts';
import { checkDuration } from '../asking/terms.ts';
import { joined } from '../units.ts';
import { findAccessHolder } from './holder.ts';

export type AccessDeps = Pick<Deps, 'store' | 'random' | 'policies' | 'config'>;

/** What somebody asks for themselves, on a device of theirs. */
export interface Asking {
  facts: DeviceFacts;
  by: Actor;
  wish: Wish & { template: string | undefined };
  /** What a proof of who asks is bound to: exactly this. */
  subject: string;
  answer: StepUpAnswer | undefined;
}

interface Prepared {
  record: ExceptionRecord;
  unit: Unit;
  rulebook: Rulebook;
}

/**
 * A request that waits, and what is to be written for it: everything about it is checked, and who asks has shown who they
 * are.
 *
 * @param limit throws a Fault unless a plan is one that may be asked for here; gives what then holds
 * @throws Fault exception_overlaps, exception_too_many and what assessRequest, proveStepUp and limit throw
 */
export async function prepare(
  deps: AccessDeps,
  { facts, by, wish, subject, answer }: Asking,
  limit: (plan: ApprovalPlan) => ApprovalPlan,
  now: Instant,
): Promise<Prepared> {
  const { read } = deps.store;
  const { rulebook, terms, observed, plan: planned } = await assessRequest(deps, facts, wish, null, now);
  const plan = limit(planned);
  const maxDurationMs = Math.min(terms.maxDurationMs, plan.maxDurationMs);
  checkDuration(wish.durationMs, { ...terms, maxDurationMs }, null, now);

  const place = { ...wish, personId: facts.owner.id, deviceId: facts.id };
  const open = await readOpenExceptions(read, facts.id);
  const holder = wish.kind === 'access' ? await findAccessHolder(read, place, now) : undefined;
  const overlap = holder?.isOver === false ? holder.record : findOverlap(open, place, now);
  if (overlap !== undefined) throw new Fault('exception_overlaps', { members: { exception: overlap.id } });
  refuseTooMany(open, now);

  const proof = await proveStepUp(
    deps,
    { who: by, level: plan.stepUp.request, subject: { purpose: 'request', hash: subject }, answer },
    now,
  );
  // What is over on another device has the place until that is announced.
  const elsewhere = holder === undefined || open.some(({ id }) => id === holder.record.id) ? [] : [holder.record];
  const { record, unit } = newRequest(
    deps,
    {
      facts,
      by: by.id,
      wish,
      plan,
      observed,
      authn: proof.authn,
      setId: null,
      extended: null,
      open: [...open, ...elsewhere],
    },
    now,
  );
  return { record, unit: joined(proof.unit, unit), rulebook };
}
