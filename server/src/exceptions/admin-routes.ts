import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import {
  exceptionDecisionSchema,
  exceptionEndingSchema,
  exceptionRequestSchema,
  exceptionSchema,
  exceptionStates,
} from '@postern/shared/protocol/exception';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, parseDuration } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { readDeviceFacts } from '../devices/index.ts';
import { asPerson, type PersonCaller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { approveException, denyException, endException } from './decide.ts';
import { requestException } from './request.ts';
import { viewExceptions } from './view.ts';

const params = z.strictObject({ id: idSchema('exception') });
const deciders = ['approver', 'admin'] as const;
const readers = ['approver', 'admin', 'auditor'] as const;
const decisionErrors = [
  'not_found',
  'self_approval',
  'already_decided',
  'exception_changed',
  'exception_state',
  'conflict',
] as const;

/** What approvers, admins and auditors can do with exceptions. */
export function adminExceptionRoutes(deps: Deps): AnyRoute[] {
  const actorOf = (person: PersonCaller) => ({ id: person.id, actor: { kind: 'person' as const, id: person.id } });
  const view = async (id: string, now: Instant) => {
    const [exception] = await viewExceptions(deps.store.read, { id, limit: 1 }, now);
    if (exception === undefined) throw new Fault('not_found');
    return exception;
  };

  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/exceptions',
      summary: 'Exceptions and requests, newest first',
      audience: 'person',
      roles: readers,
      rate: 'admin',
      query: pageQuerySchema.extend({
        state: z.enum(exceptionStates).optional(),
        device: idSchema('device').optional(),
        person: idSchema('user').optional(),
      }),
      replies: { 200: pageSchema(exceptionSchema) },
      errors: [],
      async handle({ query, now }) {
        const filter = {
          state: query.state,
          deviceId: query.device,
          personId: query.person,
          before: query.after,
          limit: query.limit,
        };
        const items = await viewExceptions(deps.store.read, filter, now);
        return { status: 200, body: { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null } };
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
        return { status: 200, body: await view(id, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions',
      summary: "Ask for an exception on behalf of a device's person; neither of the two may approve it",
      audience: 'person',
      roles: deciders,
      rate: 'admin',
      body: {
        type: 'json',
        schema: exceptionRequestSchema.extend({ device: idSchema('device') }).meta({ id: 'ExceptionRequestFor' }),
      },
      replies: { 201: exceptionSchema },
      errors: [
        'not_found',
        'exception_rule_unknown',
        'exception_not_allowed',
        'exception_too_long',
        'exception_overlaps',
        'resource_unknown',
        'never_attested',
        'device_state_invalid',
        'conflict',
      ],
      async handle({ body: { device, ...request }, caller, now }) {
        const facts = await readDeviceFacts(deps.store.read, { id: device });
        if (facts === undefined) throw new Fault('not_found');
        const id = await requestException(deps, facts, actorOf(asPerson(caller)), request, now);
        return { status: 201, body: await view(id, now), headers: { location: `/v1/admin/exceptions/${id}` } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/{id}/approve',
      summary: 'Approve, whole or narrowed; never what you asked for, what was asked for you, or for your own device',
      audience: 'person',
      roles: deciders,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionDecisionSchema },
      replies: { 200: exceptionSchema },
      errors: [
        ...decisionErrors,
        'exception_widened',
        'exception_not_needed',
        'exception_overlaps',
        'exception_too_long',
        'exception_not_allowed',
      ],
      async handle({ params: { id }, body, caller, now }) {
        const approver = asPerson(caller);
        const { duration, ...decision } = body;
        const durationMs = duration === undefined ? undefined : parseDuration(duration);
        await approveException(deps, approver, { id, by: actorOf(approver), ...decision, durationMs }, now);
        return { status: 200, body: await view(id, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/{id}/deny',
      summary: 'Deny a request; one denial ends it',
      audience: 'person',
      roles: deciders,
      rate: 'admin',
      params,
      body: {
        type: 'json',
        schema: exceptionDecisionSchema.pick({ reason: true, requestHash: true }).meta({ id: 'ExceptionDenial' }),
      },
      replies: { 200: exceptionSchema },
      errors: decisionErrors,
      async handle({ params: { id }, body, caller, now }) {
        const approver = asPerson(caller);
        await denyException(deps, approver, { id, by: actorOf(approver), ...body }, now);
        return { status: 200, body: await view(id, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/{id}/revoke',
      summary: 'End an exception in force now; its tokens end with it',
      audience: 'person',
      roles: deciders,
      rate: 'admin',
      params,
      body: { type: 'json', schema: exceptionEndingSchema },
      replies: { 200: exceptionSchema },
      errors: ['not_found', 'exception_state', 'conflict'],
      async handle({ params: { id }, body, caller, now }) {
        await endException(deps, 'revoke', { id, by: actorOf(asPerson(caller)), reason: body.reason }, now);
        return { status: 200, body: await view(id, now) };
      },
    }),
  ];
}
