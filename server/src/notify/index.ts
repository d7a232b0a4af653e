import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';
import { meRoutes } from './me-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

export { beginToTell } from './begin.ts';
export { notifyJobs } from './jobs.ts';
export { replayDelivery } from './delivery.ts';
export { retryAfterMs } from './retry-schedule.ts';
export { sendWebhook } from './send-webhook.ts';
export { webhookAddress } from './webhook-address.ts';
export { createWebhook, listWebhooks, removeWebhook } from './webhooks.ts';

/** All endpoints of this capability. */
export function notifyRoutes(deps: Pick<Deps, 'store' | 'random' | 'config' | 'anonymousRefusals'>): AnyRoute[] {
  return [...webhookRoutes(deps), ...meRoutes(deps)];
}
