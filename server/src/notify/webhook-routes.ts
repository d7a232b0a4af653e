import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import {
  deliverySchema,
  deliveryStates,
  newWebhookSchema,
  webhookChangeSchema,
  webhookSchema,
  webhookSecretSchema,
} from '@postern/shared/protocol/webhook';
import type { Deps } from '../deps.ts';
import { asPerson, type Caller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { listDeliveries, replayDelivery } from './delivery.ts';
import { testWebhook } from './test-webhook.ts';
import { changeWebhook, createWebhook, listWebhooks, readWebhook, removeWebhook, rotateSecret } from './webhooks.ts';

const params = z.strictObject({ id: idSchema('webhook') });
const deliveryQuery = pageQuerySchema.extend({
  after: idSchema('delivery').optional(),
  state: z.enum(deliveryStates).optional(),
});
const personOf = (caller: Caller) => ({ kind: 'person' as const, id: asPerson(caller).id });

const byAdmins = { audience: 'person', roles: ['admin'], rate: 'admin' } as const;
const forReaders = { audience: 'person', roles: ['admin', 'auditor'], rate: 'admin' } as const;

/** Where programs outside are told, and what came of it. */
export function webhookRoutes(deps: Pick<Deps, 'store' | 'random' | 'config'>): AnyRoute[] {
  return [
    defineRoute({
      ...byAdmins,
      method: 'POST',
      path: '/v1/admin/webhooks',
      summary:
        'Add a webhook (Standard Webhooks, or Slack). The secret it is signed with is in this answer and nowhere else.',
      body: { type: 'json', schema: newWebhookSchema },
      replies: { 201: webhookSchema },
      errors: ['webhook_address_refused', 'conflict'],
      async handle({ body, caller, now }) {
        return { status: 201, body: await createWebhook(deps, body, asPerson(caller).id, now) };
      },
    }),
    defineRoute({
      ...forReaders,
      method: 'GET',
      path: '/v1/admin/webhooks',
      summary: 'List the webhooks',
      replies: { 200: z.strictObject({ items: z.array(webhookSchema) }) },
      errors: [],
      async handle() {
        return { status: 200, body: { items: await listWebhooks(deps) } };
      },
    }),
    defineRoute({
      ...byAdmins,
      method: 'PATCH',
      path: '/v1/admin/webhooks/{id}',
      summary: 'Change a webhook, disable it, or enable it again',
      params,
      body: { type: 'json', schema: webhookChangeSchema },
      replies: { 200: webhookSchema },
      errors: ['not_found', 'webhook_address_refused', 'conflict'],
      async handle({ params: { id }, body, caller, now }) {
        return { status: 200, body: await changeWebhook(deps, id, body, asPerson(caller).id, now) };
      },
    }),
    defineRoute({
      ...byAdmins,
      method: 'DELETE',
      path: '/v1/admin/webhooks/{id}',
      summary: 'Remove a webhook; what waits for it is not sent',
      params,
      replies: { 204: null },
      errors: ['not_found', 'conflict'],
      async handle({ params: { id }, caller, now }) {
        await removeWebhook(deps, id, personOf(caller), now);
        return { status: 204 };
      },
    }),
    defineRoute({
      ...byAdmins,
      method: 'POST',
      path: '/v1/admin/webhooks/{id}/secret',
      summary: 'Make a new secret for it. The old one signs too for a day.',
      params,
      replies: { 201: webhookSecretSchema },
      errors: ['not_found', 'conflict'],
      async handle({ params: { id }, caller, now }) {
        return { status: 201, body: await rotateSecret(deps, id, asPerson(caller).id, now) };
      },
    }),
    defineRoute({
      ...byAdmins,
      method: 'POST',
      path: '/v1/admin/webhooks/{id}/test',
      summary: 'Send it a message that says that it works',
      params,
      replies: { 202: z.strictObject({ delivery: idSchema('delivery') }) },
      errors: ['not_found'],
      async handle({ params: { id }, caller, now }) {
        return { status: 202, body: { delivery: await testWebhook(deps, id, asPerson(caller).id, now) } };
      },
    }),
    defineRoute({
      ...forReaders,
      method: 'GET',
      path: '/v1/admin/webhooks/{id}/deliveries',
      summary: 'What was sent to it, waits, or has failed, newest first',
      params,
      query: deliveryQuery,
      replies: { 200: pageSchema(deliverySchema) },
      errors: ['not_found'],
      async handle({ params: { id }, query }) {
        await readWebhook(deps, id);
        return { status: 200, body: await listDeliveries(deps, { ...query, target: id }) };
      },
    }),
    defineRoute({
      ...forReaders,
      method: 'GET',
      path: '/v1/admin/deliveries',
      summary: 'What was sent to webhooks and by mail, waits, or has failed, newest first',
      query: deliveryQuery,
      replies: { 200: pageSchema(deliverySchema) },
      errors: [],
      async handle({ query }) {
        return { status: 200, body: await listDeliveries(deps, query) };
      },
    }),
    defineRoute({
      ...byAdmins,
      method: 'POST',
      path: '/v1/admin/deliveries/{id}/replay',
      summary: 'Send once more what was delivered or has failed, under the id that it had',
      params: z.strictObject({ id: idSchema('delivery') }),
      replies: { 200: deliverySchema },
      errors: ['not_found', 'delivery_state', 'conflict'],
      async handle({ params: { id }, caller, now }) {
        return { status: 200, body: await replayDelivery(deps, id, personOf(caller), now) };
      },
    }),
  ];
}
