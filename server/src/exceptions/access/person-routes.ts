import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { ownAccessRequestSchema, ownAccessSchema, ownEmergencyRequestSchema } from '@postern/shared/protocol/access';
import { roles } from '@postern/shared/protocol/admin';
import { exceptionEndingSchema, exceptionSchema } from '@postern/shared/protocol/exception';
import { accessPreviewForSchema, impactSchema } from '@postern/shared/protocol/impact';
import { asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { soughtAccess } from '../asking/wish-of.ts';
import { useEmergency } from '../emergency/use.ts';
import { previewRequest } from '../impact/impact.ts';
import { answerWith, type ExceptionRouteDeps } from '../routes/route-parts.ts';
import { endAccess } from './end.ts';
import { requestAccess } from './request.ts';
import { accessErrors, emergencyErrors } from './route-errors.ts';
import { viewOwnAccess } from './view.ts';

/** Temporary access and emergencies of whoever is signed in, whatever their role. */
export function personAccessRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/me/access',
      summary: 'Ask for temporary access to a resource in a role, on one of your own devices',
      audience: 'person',
      roles,
      rate: 'admin',
      body: { type: 'json', schema: ownAccessRequestSchema },
      replies: { 201: exceptionSchema },
      errors: accessErrors,
      async handle({ body: { device: deviceId, ...request }, caller, now }) {
        const { id: by, authenticatedAt } = asPerson(caller);
        return answerWith(
          deps,
          201,
          await requestAccess(deps, { deviceId, by: { id: by, authenticatedAt }, request }, now),
          now,
        );
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/me/access/preview',
      summary: 'What temporary access on one of your own devices would mean; changes nothing',
      audience: 'person',
      roles,
      rate: 'admin',
      body: { type: 'json', schema: accessPreviewForSchema },
      replies: { 200: impactSchema },
      errors: ['not_found'],
      async handle({ body: { device: deviceId, ...request }, caller, now }) {
        const asked = { deviceId, by: asPerson(caller).id, wanted: soughtAccess(request), isOwn: true };
        return { status: 200, body: await previewRequest(deps, asked, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/me/access',
      summary: 'Your temporary access, newest first, and what you may ask for',
      audience: 'person',
      roles,
      rate: 'admin',
      replies: { 200: ownAccessSchema },
      errors: [],
      async handle({ caller, now }) {
        return { status: 200, body: await viewOwnAccess(deps, { personId: asPerson(caller).id }, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/me/access/{id}/end',
      summary:
        'End temporary access now: your own, or of whom you manage, approve for, or operate for. Its tokens end too.',
      audience: 'person',
      roles,
      rate: 'admin',
      params: z.strictObject({ id: idSchema('exception') }),
      body: { type: 'json', schema: exceptionEndingSchema },
      replies: { 200: exceptionSchema },
      errors: ['not_found', 'not_allowed', 'exception_state', 'conflict'],
      async handle({ params: { id }, body: { reason }, caller, now }) {
        await endAccess(deps, { id, by: asPerson(caller).id, reason }, now);
        return answerWith(deps, 200, id, now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/me/emergency',
      summary: 'Use emergency access, or depart from rules in an emergency, on one of your own devices',
      audience: 'person',
      roles,
      rate: 'admin',
      body: { type: 'json', schema: ownEmergencyRequestSchema },
      replies: { 201: exceptionSchema },
      errors: emergencyErrors,
      async handle({ body: { device: deviceId, request }, caller, now }) {
        const { id: by, authenticatedAt } = asPerson(caller);
        return answerWith(
          deps,
          201,
          await useEmergency(deps, { deviceId, by: { id: by, authenticatedAt }, request }, now),
          now,
        );
      },
    }),
  ];
}
