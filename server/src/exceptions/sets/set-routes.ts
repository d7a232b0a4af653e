import { z } from 'zod';
import { type Id, idSchema } from '@postern/shared/ids';
import { deciderRoles, roles as everybody } from '@postern/shared/protocol/admin';
import { exceptionEndingSchema } from '@postern/shared/protocol/exception';
import {
  exceptionSetApprovalSchema,
  exceptionSetOutcomeSchema,
  exceptionSetRequestSchema,
  exceptionSetSchema,
  mostInSet,
} from '@postern/shared/protocol/exception-set';
import { asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { approveSet, endSet } from './decide-set.ts';
import { requestSet } from './request-set.ts';
import { type ExceptionRouteDeps, proofErrors, requestErrors } from '../routes/route-parts.ts';
import { viewExceptions } from '../view.ts';

const params = z.strictObject({ id: idSchema('exceptionSet') });

/** Asking for the same on several devices, and deciding it together. */
export function exceptionSetRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  const ending = (kind: 'deny' | 'revoke', summary: string) =>
    defineRoute({
      method: 'POST',
      path: `/v1/admin/exception-sets/{id}/${kind}`,
      summary,
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionEndingSchema },
      replies: { 200: exceptionSetOutcomeSchema },
      errors: ['not_found'],
      async handle({ params: { id }, body: { reason }, caller, now }) {
        return { status: 200, body: await endSet(deps, kind, { id, by: asPerson(caller).id, reason }, now) };
      },
    });

  return [
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exception-sets',
      summary: 'Ask for the same on several devices at once: named ones, or those of a person, a group or a role now',
      audience: 'person',
      roles: deciderRoles,
      rate: 'admin',
      body: { type: 'json', schema: exceptionSetRequestSchema },
      replies: { 201: exceptionSetSchema },
      errors: [...requestErrors, 'resource_unknown', 'exception_set_empty', 'exception_set_too_large'],
      async handle({ body: request, caller, now }) {
        const setId = await requestSet(deps, { by: asPerson(caller), request }, now);
        const items = await viewExceptions(deps, { setId, limit: mostInSet }, now);
        return { status: 201, body: { id: setId as Id<'exceptionSet'>, items } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exception-sets/{id}/approve',
      summary: 'Approve requests that were asked for together; each is answered for itself',
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionSetApprovalSchema },
      replies: { 200: exceptionSetOutcomeSchema },
      errors: ['not_found', ...proofErrors],
      async handle({ params: { id }, body: approval, caller, now }) {
        return { status: 200, body: await approveSet(deps, { id, by: asPerson(caller), approval }, now) };
      },
    }),
    ending('deny', 'Deny all requests of a set that wait'),
    ending('revoke', 'End all that was granted of a set'),
  ];
}
