import type { Logger } from 'pino';
import { toErrorAnswer } from '@postern/shared/protocol/error-answer';
import { errorKinds, Fault } from '@postern/shared/protocol/errors';
import { ConflictError } from '../storage/store.ts';
import { WriteError } from '../storage/write-error.ts';
import { isUnreachable } from '../unreachable.ts';
import type { Audience, Reply } from './route.ts';

/**
 * Every error ends here, and becomes one of the closed list. What was not thrown as a refusal is logged with the
 * request's id and answered without a word of it.
 */
export function faultOf(error: unknown, log: Logger, requestId: string): Fault {
  if (error instanceof Fault) {
    if (error.cause !== undefined) log.debug({ requestId, code: error.code, err: error.cause }, 'refused');
    return error;
  }
  if (error instanceof ConflictError) {
    log.info({ requestId, change: error.change }, 'a guard did not hold');
    return new Fault('conflict', { cause: error });
  }
  log.error({ requestId, err: error }, 'request failed');
  if (!isUnreachable(error)) return new Fault('internal', { cause: error });
  const details = mayHaveHappened(error) ? [outcomeUnknown] : [];
  return new Fault('unavailable', { cause: error, headers: { 'Retry-After': '5' }, details });
}

const outcomeUnknown = {
  path: 'request',
  message: 'the connection to the database broke while this was written; whether it took effect is not known',
};

function mayHaveHappened(error: unknown): boolean {
  return error instanceof WriteError && error.outcomeUnknown;
}

/** The answer to a refusal. A 401 says how to authenticate (RFC 9110 section 15.5.2). */
export function refusal(fault: Fault, audience: Audience, authorization: string | undefined): Reply {
  const challenge = fault.status === 401 ? { 'WWW-Authenticate': challengeOf(fault, audience, authorization) } : {};
  return { status: fault.status, headers: { ...challenge, ...fault.headers }, body: toErrorAnswer(fault) };
}

function challengeOf(fault: Fault, audience: Audience, authorization: string | undefined): string {
  if (audience === 'person') return 'Bearer realm="postern"';
  // RFC 6749 section 5.2: a client that tried a scheme is answered in that scheme.
  if (audience === 'gateway' || /^basic /i.test(authorization ?? '')) return 'Basic realm="postern", charset="UTF-8"';
  return `DPoP algs="ES256", error="${errorKinds[fault.code].oauth ?? fault.code}"`;
}
