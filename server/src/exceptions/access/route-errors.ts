import type { ErrorCode } from '@postern/shared/protocol/errors';

/** How whatever begins with a plan and a proof of who asks may be refused. */
const askedUnderTemplate = [
  'not_found',
  'template_unknown',
  'template_invalid',
  'template_not_for_you',
  'reason_code_required',
  'ticket_required',
  'exception_refused_by_rule',
  'step_up_required',
  'step_up_invalid',
  'step_up_locked',
  'second_factor_missing',
  'exception_too_long',
  'exception_too_many',
  'exception_overlaps',
  'never_attested',
  'device_state_invalid',
  'device_quarantined',
  'owner_inactive',
  'access_not_offered',
  'emergency_review_due',
  'conflict',
] as const satisfies ErrorCode[];

export const accessErrors = [
  ...askedUnderTemplate,
  'exception_start_invalid',
  'approval_not_yours',
] as const satisfies ErrorCode[];

export const emergencyErrors = [
  ...askedUnderTemplate,
  'resource_unknown',
  'exception_rule_unknown',
  'exception_not_allowed',
  'exception_not_needed',
  'exception_start_invalid',
  'not_allowed',
] as const satisfies ErrorCode[];
