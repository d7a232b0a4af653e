import { readerRoles } from '@postern/shared/protocol/admin';
import { z } from 'zod';
import {
  newResourceTierSchema,
  type ResourceAccess,
  type ResourceTier,
  resourceSchema,
} from '@postern/shared/protocol/resource';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { classifyResource } from './classify.ts';
import { knownResources } from './resources.ts';

/** All resources that gateways protect or that have a tier, by name. There are as many as gateways name: few. */
async function listResources({ store }: Pick<Deps, 'store'>) {
  const [known, rows] = await Promise.all([
    knownResources(store.read),
    store.read.selectFrom('resources').selectAll().execute(),
  ]);
  const classified = new Map(rows.map((row) => [row.name, row]));
  return [...new Set([...known, ...classified.keys()])].toSorted().map((name) => ({
    name,
    title: classified.get(name)?.title ?? null,
    tier: (classified.get(name)?.tier ?? null) as ResourceTier | null,
    access: accessOf(classified.get(name)?.access ?? null),
    guarded: known.has(name),
  }));
}

function accessOf(stored: string | null): ResourceAccess | null {
  return stored === null ? null : (JSON.parse(stored) as ResourceAccess);
}

/** Endpoints on resources and their tiers. */
export function resourceRoutes(deps: Pick<Deps, 'store' | 'config'>): AnyRoute[] {
  const list = z.strictObject({ items: z.array(resourceSchema) });
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/resources',
      summary: 'Resources and their tiers',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      replies: { 200: list },
      errors: [],
      async handle() {
        return { status: 200, body: { items: await listResources(deps) } };
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/v1/admin/resources',
      summary:
        'Give a resource a tier, and temporary access with it; change them, or take them away (null). Without a tier ' +
        'policies for any tier apply; with access it is open only to whom that was granted, and to loosen that takes a ' +
        'proof of who you are.',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      body: { type: 'json', schema: newResourceTierSchema },
      replies: { 200: list },
      errors: [
        'resource_unknown',
        'template_unknown',
        'step_up_required',
        'step_up_invalid',
        'step_up_locked',
        'second_factor_missing',
        'conflict',
      ],
      async handle({ body, caller, now }) {
        await classifyResource(deps, body, asPerson(caller), now);
        return { status: 200, body: { items: await listResources(deps) } };
      },
    }),
  ];
}
