import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { deciderRoles, readerRoles, pageSchema, roles as everybody } from '@postern/shared/protocol/admin';
import {
  exceptionDecisionSchema,
  exceptionEditSchema,
  exceptionEndingSchema,
  exceptionExtensionSchema,
  exceptionSchema,
  exceptionKinds,
} from '@postern/shared/protocol/exception';
import { parseDuration } from '@postern/shared/time';
import { asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { approveException } from '../deciding/approve.ts';
import { editException } from '../asking/edit.ts';
import { denyException, endException } from '../deciding/end.ts';
import { requestExtension } from '../asking/extend.ts';
import { refuseOtherReaders, rememberLook } from '../deciding/look.ts';
import { requestException } from '../asking/request.ts';
import {
  answerWith,
  approvalErrors,
  decisionErrors,
  editErrors,
  type ExceptionRouteDeps,
  requestErrors,
  requestForSchema,
} from './route-parts.ts';
import { listExceptions, listQuerySchema } from '../lists/list.ts';

const params = z.strictObject({ id: idSchema('exception') });
/** What approvers, admins and auditors can do with exceptions. */
export function adminExceptionRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  const ending = (kind: 'revoke' | 'withdraw', summary: string) =>
    defineRoute({
      method: 'POST',
      path: `/v1/admin/exceptions/{id}/${kind}`,
      summary,
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionEndingSchema },
      replies: { 200: exceptionSchema },
      errors: ['not_found', 'not_allowed', 'exception_state', 'conflict'],
      async handle({ params: { id }, body: { reason }, caller, now }) {
        await endException(deps, kind, { id, by: asPerson(caller).id, reason }, now);
        return answerWith(deps, 200, id, now);
      },
    });

  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/exceptions',
      summary:
        'Exceptions and requests, newest first or what ends first; a page may hold fewer than asked for and still name a next one',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: listQuerySchema.extend({
        kind: z.enum(exceptionKinds).optional(),
        set: idSchema('exceptionSet').optional(),
      }),
      replies: { 200: pageSchema(exceptionSchema) },
      errors: [],
      async handle({ query: { kind, set, ...query }, now }) {
        return { status: 200, body: await listExceptions(deps, query, { kind, setId: set }, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/exceptions/{id}',
      summary: 'One exception; for approvers, admins, auditors, whoever asked, whom it is for, and their manager',
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      params,
      replies: { 200: exceptionSchema },
      errors: ['not_found', 'not_allowed'],
      async handle({ params: { id }, caller, now }) {
        const person = asPerson(caller);
        await refuseOtherReaders(deps.store, person, id);
        const answer = await answerWith(deps, 200, id, now);
        await rememberLook(deps.store, person, answer.body, now);
        return answer;
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions',
      summary: "Ask for an exception on behalf of a device's person; neither of the two may approve it",
      audience: 'person',
      roles: deciderRoles,
      rate: 'admin',
      body: { type: 'json', schema: requestForSchema },
      replies: { 201: exceptionSchema },
      errors: [...requestErrors, 'resource_unknown'],
      async handle({ body: { device: deviceId, ...request }, caller, now }) {
        const id = await requestException(deps, { deviceId, by: asPerson(caller), request }, now);
        return { ...(await answerWith(deps, 201, id, now)), headers: { location: `/v1/admin/exceptions/${id}` } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/{id}/approve',
      summary: 'Approve, whole or narrowed; never what you asked for, what was asked for you, or for your own device',
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionDecisionSchema },
      replies: { 200: exceptionSchema },
      errors: approvalErrors,
      async handle({ params: { id }, body: { duration, ...decision }, caller, now }) {
        const durationMs = duration === undefined ? undefined : parseDuration(duration);
        await approveException(deps, { id, by: asPerson(caller), ...decision, durationMs }, now);
        return answerWith(deps, 200, id, now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/{id}/deny',
      summary: 'Deny a request; one denial ends it',
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      params,
      body: {
        type: 'json',
        schema: exceptionDecisionSchema
          .pick({ reason: true, requestHash: true })
          .partial()
          .meta({ id: 'ExceptionDenial' }),
      },
      replies: { 200: exceptionSchema },
      errors: decisionErrors,
      async handle({ params: { id }, body, caller, now }) {
        await denyException(deps, { id, by: asPerson(caller).id, ...body }, now);
        return answerWith(deps, 200, id, now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/{id}/edit',
      summary: 'Change a request that waits, for whoever asked or whom it is for; votes on it are void',
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionEditSchema },
      replies: { 200: exceptionSchema },
      errors: editErrors,
      async handle({ params: { id }, body: edit, caller, now }) {
        await editException(deps, { id, by: asPerson(caller), edit }, now);
        return answerWith(deps, 200, id, now);
      },
    }),
    ending(
      'revoke',
      'End what was granted now; its tokens end with it. For its person, their manager, approvers and operators',
    ),
    ending('withdraw', 'Take back a request before it is decided, for whoever asked or whom it is for'),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/{id}/extend',
      summary: 'Ask for more time for what is your own, counted from the approval; needs the same approvals again',
      audience: 'person',
      roles: everybody,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionExtensionSchema },
      replies: { 201: exceptionSchema },
      errors: [...requestErrors, 'exception_not_longer', 'exception_state'],
      async handle({ params: { id }, body: request, caller, now }) {
        const extension = await requestExtension(deps, { id, by: asPerson(caller), request }, now);
        return {
          ...(await answerWith(deps, 201, extension, now)),
          headers: { location: `/v1/admin/exceptions/${extension}` },
        };
      },
    }),
  ];
}
