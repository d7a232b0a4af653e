import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import {
  exceptionEndingSchema,
  exceptionExtensionSchema,
  exceptionRequestSchema,
  exceptionSchema,
} from '@postern/shared/protocol/exception';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, parseDuration } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { readDeviceFacts } from '../devices/index.ts';
import { asDevice, type DeviceCaller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { endException } from './decide.ts';
import { requestException, requestExtension } from './request.ts';
import { viewExceptions } from './view.ts';

const params = z.strictObject({ id: idSchema('exception') });
const stateErrors = ['exception_state', 'not_allowed', 'not_found', 'conflict'] as const;

/** What a device's person can do with their own exceptions. */
export function deviceExceptionRoutes(deps: Deps): AnyRoute[] {
  /** The person speaks through their device: they are the actor, the device is how. */
  const personOf = (device: DeviceCaller) => ({
    id: device.ownerId,
    actor: { kind: 'person' as const, id: device.ownerId },
  });
  const view = async (id: string, now: Instant) => {
    const [exception] = await viewExceptions(deps.store.read, { id, limit: 1 }, now);
    if (exception === undefined) throw new Fault('not_found');
    return exception;
  };
  const factsOf = async (device: DeviceCaller) => {
    const facts = await readDeviceFacts(deps.store.read, { id: device.id });
    if (facts === undefined) throw new Fault('device_unknown');
    if (facts.quarantine !== null) throw new Fault('device_quarantined');
    return facts;
  };

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
      errors: stateErrors,
      async handle({ params: { id }, body, caller, now }) {
        const device = asDevice(caller);
        await endException(deps, kind, { id, by: personOf(device), reason: body.reason, deviceId: device.id }, now);
        return { status: 200, body: await view(id, now) };
      },
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
      errors: [
        'exception_rule_unknown',
        'exception_not_allowed',
        'exception_too_long',
        'exception_overlaps',
        'resource_unknown',
        'never_attested',
        'device_state_invalid',
        'device_quarantined',
        'conflict',
      ],
      async handle({ body, caller, now }) {
        const device = asDevice(caller);
        const id = await requestException(deps, await factsOf(device), personOf(device), body, now);
        return { status: 201, body: await view(id, now), headers: { location: `/v1/exceptions/${id}` } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/exceptions',
      summary: 'The exceptions of this device, newest first',
      audience: 'device',
      rate: 'device',
      replies: { 200: z.strictObject({ items: z.array(exceptionSchema) }) },
      errors: [],
      async handle({ caller, now }) {
        return {
          status: 200,
          body: { items: await viewExceptions(deps.store.read, { deviceId: asDevice(caller).id, limit: 100 }, now) },
        };
      },
    }),
    ending('withdraw', 'Take a request back before it is decided'),
    ending('relinquish', 'Opt back in: end an exception in force before its time'),
    defineRoute({
      method: 'POST',
      path: '/v1/exceptions/{id}/extend',
      summary: 'Ask for more time; needs the same approvals again',
      audience: 'device',
      rate: 'device',
      params,
      body: { type: 'json', schema: exceptionExtensionSchema },
      replies: { 201: exceptionSchema },
      errors: [...stateErrors, 'exception_too_long', 'exception_overlaps', 'exception_not_allowed'],
      async handle({ params: { id }, body, caller, now }) {
        const device = asDevice(caller);
        const wish = { durationMs: parseDuration(body.duration) ?? 0, justification: body.justification };
        const extension = await requestExtension(deps, await factsOf(device), personOf(device), id, wish, now);
        return { status: 201, body: await view(extension, now), headers: { location: `/v1/exceptions/${extension}` } };
      },
    }),
  ];
}
