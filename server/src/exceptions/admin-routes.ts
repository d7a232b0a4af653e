import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import {
  exceptionDecisionSchema,
  exceptionEndingSchema,
  exceptionRequestSchema,
  exceptionSchema,
  exceptionStates,
} from '@postern/shared/protocol/exception';
import { parseDuration } from '@postern/shared/time';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { approveException } from './approve.ts';
import { deciderRoles } from './decider-roles.ts';
import { denyException, endException } from './end.ts';
import { requestException } from './request.ts';
import { answerWith, type ExceptionRouteDeps, requestErrors } from './route-parts.ts';
import { viewExceptions } from './view.ts';

const params = z.strictObject({ id: idSchema('exception') });
const readers = [...deciderRoles, 'auditor'] as const;
const decisionErrors = [
  'not_found',
  'self_approval',
  'already_decided',
  'exception_changed',
  'exception_state',
  'conflict',
] as const satisfies ErrorCode[];

/** What approvers, admins and auditors can do with exceptions. */
export function adminExceptionRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  const ending = (kind: 'revoke' | 'withdraw', summary: string, errors: readonly ErrorCode[]) =>
    defineRoute({
      method: 'POST',
      path: `/v1/admin/exceptions/{id}/${kind}`,
      summary,
      audience: 'person',
      roles: deciderRoles,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionEndingSchema },
      replies: { 200: exceptionSchema },
      errors: ['not_found', 'exception_state', 'conflict', ...errors],
      async handle({ params: { id }, body: { reason }, caller, now }) {
        await endException(deps, kind, { id, by: asPerson(caller).id, reason }, now);
        return answerWith(deps, 200, id, now);
      },
    });

  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/exceptions',
      summary: 'Exceptions and requests, newest first',
      audience: 'person',
      roles: readers,
      rate: 'admin',
      query: pageQuerySchema.extend({
        after: idSchema('exception').optional(),
        state: z.enum(exceptionStates).optional(),
        device: idSchema('device').optional(),
        person: idSchema('user').optional(),
      }),
      replies: { 200: pageSchema(exceptionSchema) },
      errors: [],
      async handle({ query: { state, device, person, after, limit }, now }) {
        const filter = { state, deviceId: device, personId: person, before: after, limit };
        const items = await viewExceptions(deps, filter, now);
        return { status: 200, body: { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/exceptions/{id}',
      summary: 'One exception',
      audience: 'person',
      roles: readers,
      rate: 'admin',
      params,
      replies: { 200: exceptionSchema },
      errors: ['not_found'],
      async handle({ params: { id }, now }) {
        return answerWith(deps, 200, id, now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions',
      summary: "Ask for an exception on behalf of a device's person; neither of the two may approve it",
      audience: 'person',
      roles: deciderRoles,
      rate: 'admin',
      body: {
        type: 'json',
        schema: exceptionRequestSchema.extend({ device: idSchema('device') }).meta({ id: 'ExceptionRequestFor' }),
      },
      replies: { 201: exceptionSchema },
      errors: [...requestErrors, 'resource_unknown'],
      async handle({ body: { device: deviceId, ...request }, caller, now }) {
        const id = await requestException(deps, { deviceId, by: asPerson(caller).id, request }, now);
        return { ...(await answerWith(deps, 201, id, now)), headers: { location: `/v1/admin/exceptions/${id}` } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/{id}/approve',
      summary: 'Approve, whole or narrowed; never what you asked for, what was asked for you, or for your own device',
      audience: 'person',
      roles: deciderRoles,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionDecisionSchema },
      replies: { 200: exceptionSchema },
      errors: [
        ...decisionErrors,
        'exception_widened',
        'exception_not_needed',
        'exception_not_longer',
        'exception_overlaps',
        'exception_too_long',
        'exception_not_allowed',
        'exception_rule_unknown',
        'resource_unknown',
        'never_attested',
        'device_state_invalid',
        'device_quarantined',
        'owner_inactive',
      ],
      async handle({ params: { id }, body: { duration, ...decision }, caller, now }) {
        const durationMs = duration === undefined ? undefined : parseDuration(duration);
        await approveException(deps, { id, by: asPerson(caller).id, ...decision, durationMs }, now);
        return answerWith(deps, 200, id, now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/{id}/deny',
      summary: 'Deny a request; one denial ends it',
      audience: 'person',
      roles: deciderRoles,
      rate: 'admin',
      params,
      body: {
        type: 'json',
        schema: exceptionDecisionSchema.pick({ reason: true, requestHash: true }).meta({ id: 'ExceptionDenial' }),
      },
      replies: { 200: exceptionSchema },
      errors: decisionErrors,
      async handle({ params: { id }, body, caller, now }) {
        await denyException(deps, { id, by: asPerson(caller).id, ...body }, now);
        return answerWith(deps, 200, id, now);
      },
    }),
    ending('revoke', 'End an exception in force now; its tokens end with it', []),
    ending('withdraw', 'Take back what you asked for on behalf of somebody', ['not_allowed']),
  ];
}
