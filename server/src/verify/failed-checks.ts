import type { Fault } from '@postern/shared/protocol/errors';
import type { FailedCheck } from '@postern/shared/protocol/token';

/** The rules that stand in the way, as the refusal says them. */
export function failedChecksOf(fault: Fault): readonly FailedCheck[] {
  const { failed_checks: checks } = fault.members;
  return Array.isArray(checks) ? (checks as FailedCheck[]) : [];
}
