import { emergencyRequestSchema, ownAccessSchema } from '@postern/shared/protocol/access';
import { accessRequestSchema, exceptionSchema } from '@postern/shared/protocol/exception';
import { asDevice } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { useEmergency } from '../emergency/use.ts';
import { answerWith, type ExceptionRouteDeps } from '../routes/route-parts.ts';
import { requestAccess } from './request.ts';
import { accessErrors, emergencyErrors } from './route-errors.ts';
import { viewOwnAccess } from './view.ts';

/** Temporary access and emergencies of a device's person, who speaks through their device. */
export function deviceAccessRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/access',
      summary: 'Ask for temporary access to a resource in a role, for the person of this device',
      audience: 'device',
      rate: 'device',
      body: { type: 'json', schema: accessRequestSchema },
      replies: { 201: exceptionSchema },
      errors: accessErrors,
      async handle({ body: request, caller, now }) {
        const { id: deviceId, ownerId } = asDevice(caller);
        const id = await requestAccess(deps, { deviceId, by: { id: ownerId, authenticatedAt: null }, request }, now);
        return { ...(await answerWith(deps, 201, id, now)), headers: { location: `/v1/exceptions/${id}` } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/access',
      summary: 'Temporary access on this device, newest first, and what its person may ask for',
      audience: 'device',
      rate: 'device',
      replies: { 200: ownAccessSchema },
      errors: [],
      async handle({ caller, now }) {
        const { id: deviceId, ownerId: personId } = asDevice(caller);
        return { status: 200, body: await viewOwnAccess(deps, { personId, deviceId }, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/emergency',
      summary:
        'Use emergency access, or depart from rules in an emergency: at once, with a passkey, reviewed afterwards',
      audience: 'device',
      rate: 'device',
      body: { type: 'json', schema: emergencyRequestSchema },
      replies: { 201: exceptionSchema },
      errors: emergencyErrors,
      async handle({ body: request, caller, now }) {
        const { id: deviceId, ownerId } = asDevice(caller);
        const id = await useEmergency(deps, { deviceId, by: { id: ownerId, authenticatedAt: null }, request }, now);
        return { ...(await answerWith(deps, 201, id, now)), headers: { location: `/v1/exceptions/${id}` } };
      },
    }),
  ];
}
