import { Fault } from '@postern/shared/protocol/errors';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { viewException } from './view.ts';

export type ExceptionRouteDeps = Pick<Deps, 'store' | 'random' | 'policies' | 'config'>;

/** How every request for an exception may be refused. */
export const requestErrors = [
  'not_found',
  'exception_rule_unknown',
  'exception_not_allowed',
  'exception_too_long',
  'exception_too_many',
  'exception_overlaps',
  'never_attested',
  'device_state_invalid',
  'device_quarantined',
  'owner_inactive',
  'conflict',
] as const satisfies ErrorCode[];

/** Answers with an exception as it is now. Throws Fault not_found. */
export async function answerWith(deps: ExceptionRouteDeps, status: 200 | 201, id: string, now: Instant) {
  const body = await viewException(deps, id, now);
  if (body === undefined) throw new Fault('not_found');
  return { status, body };
}
