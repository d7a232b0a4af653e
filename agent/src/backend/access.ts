import { z } from 'zod';
import { type AccessOffer, accessOfferSchema } from '@postern/shared/protocol/access';
import { type AccessRequest, exceptionSchema, type ExceptionView } from '@postern/shared/protocol/exception';
import { proverOf, type Session } from './session.ts';

const answerSchema = z.object({ items: z.array(exceptionSchema), offers: z.array(accessOfferSchema) });

/** `GET /v1/access`: the temporary access of this device's person, and what they may ask for. */
export function listAccess(session: Session): Promise<{ items: ExceptionView[]; offers: AccessOffer[] }> {
  return session.backend.call({ method: 'GET', path: '/v1/access', answer: answerSchema, prover: proverOf(session) });
}

/** `POST /v1/access`. Pending as a rule: somebody else decides. */
export function requestAccess(session: Session, request: AccessRequest): Promise<ExceptionView> {
  return session.backend.call({
    method: 'POST',
    path: '/v1/access',
    answer: exceptionSchema,
    body: () => ({ type: 'application/json', text: JSON.stringify(request) }),
    prover: proverOf(session),
  });
}
