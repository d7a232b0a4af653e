import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import {
  exceptionEditSchema,
  exceptionEndingSchema,
  exceptionExtensionSchema,
  exceptionRequestSchema,
  exceptionSchema,
} from '@postern/shared/protocol/exception';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import { asDevice, type Caller } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { editException } from '../asking/edit.ts';
import { endException } from '../deciding/end.ts';
import { requestExtension } from '../asking/extend.ts';
import { type Actor, requestException } from '../asking/request.ts';
import { answerWith, editErrors, type ExceptionRouteDeps, requestErrors } from './route-parts.ts';
import { viewExceptions } from '../view.ts';

const params = z.strictObject({ id: idSchema('exception') });
const shown = 100;

/** What a device's person can do with their own exceptions. The person speaks through their device: they are the actor. */
export function deviceExceptionRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  const ending = (kind: 'withdraw' | 'relinquish', summary: string) =>
    defineRoute({
      method: 'POST',
      path: `/v1/exceptions/{id}/${kind}`,
      summary,
      audience: 'device',
      rate: 'device',
      params,
      body: { type: 'json', schema: exceptionEndingSchema },
      replies: { 200: exceptionSchema },
      errors: ['exception_state', 'not_found', 'conflict'],
      async handle({ params: { id }, body: { reason }, caller, now }) {
        const { id: deviceId, ownerId: by } = asDevice(caller);
        await endException(deps, kind, { id, by, reason, deviceId }, now);
        return answerWith(deps, 200, id, now);
      },
    });
  const created = async (id: string, now: Instant) => ({
    ...(await answerWith(deps, 201, id, now)),
    headers: { location: `/v1/exceptions/${id}` },
  });

  return [
    defineRoute({
      method: 'POST',
      path: '/v1/exceptions',
      summary: 'Ask for an exception from named rules for this device and its person',
      audience: 'device',
      rate: 'device',
      body: { type: 'json', schema: exceptionRequestSchema },
      replies: { 201: exceptionSchema },
      errors: [...requestErrors, 'resource_unknown'],
      async handle({ body: request, caller, now }) {
        const { deviceId, by } = speaker(caller);
        return created(await requestException(deps, { deviceId, by, request }, now), now);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/exceptions',
      summary: 'The exceptions of this device and its person, newest first',
      audience: 'device',
      rate: 'device',
      replies: { 200: z.strictObject({ items: z.array(exceptionSchema) }) },
      errors: [],
      async handle({ caller, now }) {
        const filter = { deviceId: asDevice(caller).id, ofOwner: true, limit: shown };
        return { status: 200, body: { items: await viewExceptions(deps, filter, now) } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/exceptions/{id}/edit',
      summary: 'Change a request that waits; votes on it are void',
      audience: 'device',
      rate: 'device',
      params,
      body: { type: 'json', schema: exceptionEditSchema },
      replies: { 200: exceptionSchema },
      errors: editErrors,
      async handle({ params: { id }, body: edit, caller, now }) {
        await editException(deps, { id, ...speaker(caller), edit }, now);
        return answerWith(deps, 200, id, now);
      },
    }),
    ending('withdraw', 'Take a request back before it is decided'),
    ending('relinquish', 'Opt back in: end an exception in force before its time'),
    defineRoute({
      method: 'POST',
      path: '/v1/exceptions/{id}/extend',
      summary: 'Ask for more time, counted from the approval; needs the same approvals again',
      audience: 'device',
      rate: 'device',
      params,
      body: { type: 'json', schema: exceptionExtensionSchema },
      replies: { 201: exceptionSchema },
      errors: [...requestErrors, 'exception_not_longer', 'exception_state'] satisfies ErrorCode[],
      async handle({ params: { id }, body, caller, now }) {
        const { deviceId, by } = speaker(caller);
        return created(await requestExtension(deps, { id, deviceId, by, request: body }, now), now);
      },
    }),
  ];
}

/** The person who speaks through a device. That they sit at it is no proof of who they are. */
function speaker(caller: Caller): { deviceId: string; by: Actor } {
  const { id, ownerId } = asDevice(caller);
  return { deviceId: id, by: { id: ownerId, authenticatedAt: null } };
}
