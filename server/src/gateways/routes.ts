import { z } from 'zod';
import { type Id, idSchema, toId } from '@postern/shared/ids';
import { gatewaySchema, newGatewaySchema, pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { gatewayCreation } from './new-gateway.ts';
import { resourceRoutes } from './resource-routes.ts';

type GatewayDeps = Pick<Deps, 'store' | 'config' | 'random'>;

export function gatewayRoutes(deps: GatewayDeps): AnyRoute[] {
  return [createGateway(deps), listGateways(deps), removeGateway(deps), ...resourceRoutes(deps)];
}

function createGateway({ store, random }: GatewayDeps): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/v1/admin/gateways',
    summary: 'Add a gateway. Its secret is in this answer and nowhere else.',
    audience: 'person',
    roles: ['admin'],
    rate: 'admin',
    body: { type: 'json', schema: newGatewaySchema },
    replies: { 201: gatewaySchema },
    errors: [],
    async handle({ body, caller, now }) {
      const gateway = {
        id: toId('gateway', random.uuid()),
        name: body.name,
        resources: [...new Set(body.resources)],
        secret: random.secret(),
      };
      await store.commit(gatewayCreation(gateway, { kind: 'person', id: asPerson(caller).id }, now));
      return { status: 201, headers: { 'Cache-Control': 'no-store' }, body: gateway };
    },
  });
}

function listGateways({ store }: GatewayDeps): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/gateways',
    summary: 'List the gateways',
    audience: 'person',
    roles: ['admin', 'auditor'],
    rate: 'admin',
    query: pageQuerySchema,
    replies: { 200: pageSchema(gatewaySchema) },
    errors: [],
    async handle({ query }) {
      const rows = await store.read
        .selectFrom('gateways')
        .select(['id', 'name', 'resources'])
        .where('removed_at', 'is', null)
        .where('id', '>', query.after ?? '')
        .orderBy('id')
        .limit(query.limit + 1)
        .execute();
      const items = rows.slice(0, query.limit).map((row) => ({
        id: row.id as Id<'gateway'>,
        name: row.name,
        resources: JSON.parse(row.resources) as string[],
      }));
      return { status: 200, body: { items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null } };
    },
  });
}

function removeGateway({ store }: GatewayDeps): AnyRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/v1/admin/gateways/{id}',
    summary: 'Remove a gateway. Its secret is refused, and there are no new tokens for what only it protected.',
    audience: 'person',
    roles: ['admin'],
    rate: 'admin',
    params: z.strictObject({ id: idSchema('gateway') }),
    replies: { 204: null },
    errors: ['not_found'],
    async handle({ params, caller, now }) {
      try {
        await store.commit({
          changes: [updateOne('gateways', { id: params.id, removed_at: null }, { removed_at: now })],
          audit: [
            {
              at: now,
              type: 'gateway.removed',
              outcome: 'success',
              actor: { kind: 'person', id: asPerson(caller).id },
              subject: { kind: 'gateway', id: params.id },
              data: {},
            },
          ],
        });
      } catch (error) {
        throw error instanceof ConflictError ? new Fault('not_found', { cause: error }) : error;
      }
      return { status: 204 };
    },
  });
}
