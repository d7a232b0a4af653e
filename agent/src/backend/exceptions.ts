import { z } from 'zod';
import { type Impact, impactSchema } from '@postern/shared/protocol/impact';
import {
  type AccessRequest,
  type ExceptionExtension,
  type ExceptionRequest,
  exceptionSchema,
  type ExceptionView,
} from '@postern/shared/protocol/exception';
import { proverOf, type Session } from './session.ts';

const listSchema = z.object({ items: z.array(exceptionSchema) });

/** `POST /v1/exceptions`. The answer is pending: somebody else decides. */
export function requestException(session: Session, request: ExceptionRequest): Promise<ExceptionView> {
  return post(session, '/v1/exceptions', request);
}

/** `POST /v1/exceptions/preview` or `/v1/access/preview`: what it would mean. Changes nothing. */
export function previewRequest(
  session: Session,
  what: 'exceptions' | 'access',
  request: ExceptionRequest | AccessRequest,
): Promise<Impact> {
  return session.backend.call({
    method: 'POST',
    path: `/v1/${what}/preview`,
    answer: impactSchema,
    // A code is good once: it is kept for the request itself. What is undefined is left out of JSON.
    body: () => ({ type: 'application/json', text: JSON.stringify({ ...request, stepUp: undefined }) }),
    prover: proverOf(session),
  });
}

/** `POST /v1/exceptions/{id}/extend`: the same for longer. The answer is the request for it; what is in force stays. */
export function extendException(session: Session, id: string, wish: ExceptionExtension): Promise<ExceptionView> {
  return post(session, `/v1/exceptions/${encodeURIComponent(id)}/extend`, wish);
}

/** `GET /v1/exceptions`: those of this device, newest first. */
export async function listExceptions(session: Session): Promise<ExceptionView[]> {
  const call = { method: 'GET', path: '/v1/exceptions', answer: listSchema, prover: proverOf(session) } as const;
  return (await session.backend.call(call)).items;
}

/** Ends an exception in force before its time: the person opts back in. */
export function relinquishException(session: Session, id: string, reason: string | undefined): Promise<ExceptionView> {
  return end(session, id, 'relinquish', reason);
}

/** Takes a request back before it is decided. */
export function withdrawException(session: Session, id: string, reason: string | undefined): Promise<ExceptionView> {
  return end(session, id, 'withdraw', reason);
}

function end(session: Session, id: string, how: string, reason: string | undefined): Promise<ExceptionView> {
  return post(session, `/v1/exceptions/${encodeURIComponent(id)}/${how}`, reason === undefined ? {} : { reason });
}

function post(session: Session, path: string, body: object): Promise<ExceptionView> {
  return session.backend.call({
    method: 'POST',
    path,
    answer: exceptionSchema,
    body: () => ({ type: 'application/json', text: JSON.stringify(body) }),
    prover: proverOf(session),
  });
}
