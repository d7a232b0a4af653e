import { idSchema } from '@postern/shared/ids';
import {
  accessPreviewSchema,
  exceptionPreviewForSchema,
  exceptionPreviewSchema,
  impactSchema,
} from '@postern/shared/protocol/impact';
import { deciderRoles, roles } from '@postern/shared/protocol/admin';
import type { Instant } from '@postern/shared/time';
import { z } from 'zod';
import { exceptionEvidenceSchema } from '@postern/shared/protocol/evidence';
import { asDevice, asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { impactOfException, previewRequest } from './impact.ts';
import { refuseOtherReaders, rememberLook } from '../deciding/look.ts';
import { evidenceOf } from '../dossier/evidence-of.ts';
import type { ExceptionRouteDeps } from '../routes/route-parts.ts';
import { soughtAccess, wishOf } from '../asking/wish-of.ts';

type Preview = z.output<typeof exceptionPreviewSchema>;

/** What a request would mean, before it is made and before it is decided. */
export function impactRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  const preview = async (request: Preview, deviceId: string, by: string, now: Instant) => {
    const wanted = wishOf({ ...request, justification: request.justification ?? '' });
    return { status: 200, body: await previewRequest(deps, { deviceId, by, wanted }, now) };
  };
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/exceptions/preview',
      summary: 'What an exception would waive and open, whom it takes and who is told; changes nothing',
      audience: 'device',
      rate: 'device',
      body: { type: 'json', schema: exceptionPreviewSchema },
      replies: { 200: impactSchema },
      errors: ['not_found'],
      async handle({ body, caller, now }) {
        const { id, ownerId } = asDevice(caller);
        return preview(body, id, ownerId, now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/access/preview',
      summary: 'What temporary access would open, whom it takes and who is told; changes nothing',
      audience: 'device',
      rate: 'device',
      body: { type: 'json', schema: accessPreviewSchema },
      replies: { 200: impactSchema },
      errors: ['not_found'],
      async handle({ body, caller, now }) {
        const { id: deviceId, ownerId: by } = asDevice(caller);
        const wanted = soughtAccess(body);
        return { status: 200, body: await previewRequest(deps, { deviceId, by, wanted }, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/exceptions/preview',
      summary: 'The same for an exception on behalf of the person of a device',
      audience: 'person',
      roles: deciderRoles,
      rate: 'admin',
      body: { type: 'json', schema: exceptionPreviewForSchema },
      replies: { 200: impactSchema },
      errors: ['not_found'],
      async handle({ body: { device, ...request }, caller, now }) {
        return preview(request, device, asPerson(caller).id, now);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/exceptions/{id}/impact',
      summary: 'What approving a request now would mean, for whoever may read it; changes nothing',
      audience: 'person',
      roles,
      rate: 'admin',
      params: z.strictObject({ id: idSchema('exception') }),
      replies: { 200: impactSchema },
      errors: ['not_found', 'not_allowed'],
      async handle({ params: { id }, caller, now }) {
        const person = asPerson(caller);
        await refuseOtherReaders(deps.store, person, id);
        return { status: 200, body: await impactOfException(deps, id, person.id, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/exceptions/{id}/evidence',
      summary:
        'All that one decides by, in one answer: who, which device, what was found then, now and when it was last in order, what it opens, what became of the like. For whoever may read the exception',
      audience: 'person',
      roles,
      rate: 'admin',
      params: z.strictObject({ id: idSchema('exception') }),
      replies: { 200: exceptionEvidenceSchema },
      errors: ['not_found', 'not_allowed'],
      async handle({ params: { id }, caller, now }) {
        const person = asPerson(caller);
        await refuseOtherReaders(deps.store, person, id);
        const body = await evidenceOf(deps, id, person, now);
        await rememberLook(deps.store, person, body.exception, now);
        return { status: 200, body };
      },
    }),
  ];
}
