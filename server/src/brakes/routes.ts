import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { readerRoles, pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import {
  brakeDetailSchema,
  brakeExtensionSchema,
  brakeReleaseSchema,
  brakeSchema,
} from '@postern/shared/protocol/brake';
import { Fault } from '@postern/shared/protocol/errors';
import { fromTimestamp, type Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asPerson, type Caller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { extendBrake, releaseBrake } from './act.ts';
import { listBrakes, readBrake } from './view.ts';

const params = z.strictObject({ id: idSchema('brake') });

const actorOf = (caller: Caller) => ({ kind: 'person' as const, id: asPerson(caller).id });

/** Endpoints of this capability. */
export function brakeRoutes(deps: Pick<Deps, 'store'>): AnyRoute[] {
  const answer = async (id: string, now: Instant) => {
    const body = await readBrake(deps.store.read, id, now);
    if (body === undefined) throw new Fault('not_found');
    return { status: 200, body };
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/brakes',
      summary: 'Checks that stopped passing on many devices of one build at once, open and past, newest first',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: pageQuerySchema.extend({ after: idSchema('brake').optional() }),
      replies: { 200: pageSchema(brakeSchema) },
      errors: [],
      async handle({ query, now }) {
        return { status: 200, body: await listBrakes(deps.store.read, query, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/brakes/{id}',
      summary: 'One of them, with the devices that it is about and what they reported before and report now',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      params,
      replies: { 200: brakeDetailSchema },
      errors: ['not_found'],
      async handle({ params: { id }, now }) {
        return answer(id, now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/brakes/{id}/release',
      summary: 'The readings are right: judge the devices by them from now on',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params,
      body: { type: 'json', schema: brakeReleaseSchema },
      replies: { 200: brakeDetailSchema },
      errors: ['not_found', 'brake_ended', 'conflict'],
      async handle({ params: { id }, body: { reason }, caller, now }) {
        await releaseBrake(deps, id, { actor: actorOf(caller), reason }, now);
        return answer(id, now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/brakes/{id}/extend',
      summary: 'Hold on until a later time, seven days after it opened at most',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params,
      body: { type: 'json', schema: brakeExtensionSchema },
      replies: { 200: brakeDetailSchema },
      errors: ['not_found', 'brake_ended', 'brake_extension_invalid', 'conflict'],
      async handle({ params: { id }, body: { until, reason }, caller, now }) {
        await extendBrake(deps, id, { until: fromTimestamp(until), actor: actorOf(caller), reason }, now);
        return answer(id, now);
      },
    }),
  ];
}
