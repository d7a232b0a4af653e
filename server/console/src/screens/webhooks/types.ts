import type { DeliveryView, WebhookView } from '@postern/shared/protocol/webhook';

export type Webhook = WebhookView;
export type Delivery = DeliveryView;

export const webhooksPath = '/v1/admin/webhooks';
export const deliveriesPath = '/v1/admin/deliveries';
