/** What is read differently after something of a kind has changed: beginnings of paths. The topics are those of `GET /v1/events`. */
const paths: Readonly<Record<string, readonly string[]>> = {
  devices: ['/v1/admin/devices', '/v1/me/devices', '/v1/admin/overview'],
  exceptions: [
    '/v1/admin/exceptions',
    '/v1/admin/access',
    '/v1/me/exceptions',
    '/v1/me/access',
    '/v1/me/devices',
    '/v1/admin/devices',
    '/v1/admin/overview',
  ],
  reviews: ['/v1/admin/reviews', '/v1/me/reviews', '/v1/admin/overview'],
  policies: [
    '/v1/admin/policies',
    '/v1/admin/policy-drafts',
    '/v1/admin/policy-replays',
    '/v1/admin/templates',
    '/v1/admin/resources',
    '/v1/admin/brakes',
    '/v1/admin/overview',
  ],
  people: ['/v1/admin/users', '/v1/me'],
  enrollment: ['/v1/admin/enrollment-tokens', '/v1/admin/devices'],
  gateways: ['/v1/admin/gateways', '/v1/admin/streams'],
  webhooks: ['/v1/admin/webhooks', '/v1/admin/deliveries'],
  notices: ['/v1/me/notices'],
  audit: ['/v1/admin/audit'],
  analytics: ['/v1/admin/analytics', '/v1/admin/abuse-flags'],
};

/** A topic that this version does not know makes nothing stale. */
export function staleAfter(topic: string): readonly string[] {
  return paths[topic] ?? [];
}
