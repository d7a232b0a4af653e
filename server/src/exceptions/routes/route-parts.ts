import { Fault } from '@postern/shared/protocol/errors';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { idSchema } from '@postern/shared/ids';
import { exceptionRequestSchema } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { viewException } from '../view.ts';

export type ExceptionRouteDeps = Pick<Deps, 'store' | 'random' | 'policies' | 'config'>;

/** Asked for in a browser: for which device has to be said. */
export const requestForSchema = exceptionRequestSchema
  .extend({ device: idSchema('device') })
  .meta({ id: 'ExceptionRequestFor' });

/** How somebody may be asked, or fail, to show who they are. */
export const proofErrors = [
  'step_up_required',
  'step_up_invalid',
  'step_up_locked',
  'second_factor_missing',
] as const satisfies ErrorCode[];

/** What stands in the way of a device, or of what is wanted for it, by the policies and templates of now. */
const assessmentErrors = [
  'not_found',
  'exception_rule_unknown',
  'exception_not_allowed',
  'exception_too_long',
  'exception_overlaps',
  'exception_refused_by_rule',
  'template_unknown',
  'template_not_for_you',
  'reason_code_required',
  'ticket_required',
  'access_not_offered',
  'never_attested',
  'device_state_invalid',
  'device_quarantined',
  'owner_inactive',
  'conflict',
  ...proofErrors,
] as const satisfies ErrorCode[];

/** How every request for an exception may be refused. */
export const requestErrors = [
  ...assessmentErrors,
  'exception_start_invalid',
  'exception_too_many',
  'exception_not_needed',
  'emergency_review_due',
] as const satisfies ErrorCode[];

export const editErrors = [
  ...requestErrors,
  'not_allowed',
  'exception_state',
  'resource_unknown',
] as const satisfies ErrorCode[];

/** How every decision may be refused. */
export const decisionErrors = [
  'not_found',
  'not_allowed',
  'self_approval',
  'approval_not_yours',
  'already_decided',
  'exception_changed',
  'exception_state',
  'conflict',
] as const satisfies ErrorCode[];

export const approvalErrors = [
  ...new Set<ErrorCode>([
    ...decisionErrors,
    ...assessmentErrors,
    'exception_widened',
    'exception_not_needed',
    'exception_not_longer',
    'emergency_review_due',
    'resource_unknown',
  ]),
] as const;

/** Answers with an exception as it is now. Throws Fault not_found. */
export async function answerWith(deps: ExceptionRouteDeps, status: 200 | 201, id: string, now: Instant) {
  const body = await viewException(deps, id, now);
  if (body === undefined) throw new Fault('not_found');
  return { status, body };
}
