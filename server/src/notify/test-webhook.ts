import type { Id } from '@postern/shared/ids';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { newDelivery } from './delivery.ts';
import type { Message } from './message.ts';
import { readWebhook, webhookEvent } from './webhooks.ts';

/** Sends a webhook a message that is about nothing. @returns the delivery @throws Fault not_found */
export async function testWebhook(
  deps: Pick<Deps, 'store' | 'random'>,
  id: string,
  by: string,
  now: Instant,
): Promise<Id<'delivery'>> {
  await readWebhook(deps, id);
  const message: Message = {
    type: 'webhook.test',
    at: now,
    title: 'This webhook of Postern works',
    facts: [],
    text: null,
    subject: { kind: 'webhook', id },
    person: null,
    device: null,
    data: {},
    decide: null,
  };
  const eventId = `test:${deps.random.uuid()}`;
  const { id: delivery, change } = newDelivery(deps, { eventId, channel: 'webhook', target: id, message }, now);
  await deps.store.commit({
    changes: [change],
    audit: [webhookEvent('webhook.tested', id, by, { delivery }, now)],
  });
  return delivery;
}
