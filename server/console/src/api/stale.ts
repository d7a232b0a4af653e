/** What reads differently after something was done, by what it was done to: beginnings of paths, as `useAct` takes them. */
export const staleAfter = {
  /** Somebody has decided about an exception, or ended it. */
  decision: [
    '/v1/admin/exceptions',
    '/v1/admin/access',
    '/v1/me/inbox',
    '/v1/me/exceptions',
    '/v1/me/access',
    '/v1/admin/overview',
    '/v1/admin/reviews',
    '/v1/me/reviews',
  ],
  /** Somebody has asked for, changed or ended something of their own. */
  own: ['/v1/me/exceptions', '/v1/me/access', '/v1/me/devices', '/v1/admin/exceptions'],
  /** What a person is, may do or signs in with: oneself is one, too. */
  person: ['/v1/me', '/v1/admin/users'],
  policy: ['/v1/admin/policies', '/v1/admin/policy-drafts', '/v1/admin/overview'],
  replay: ['/v1/admin/policy-replays'],
  template: ['/v1/admin/templates', '/v1/admin/overview'],
  gateway: ['/v1/admin/gateways', '/v1/admin/streams', '/v1/admin/resources'],
  webhook: ['/v1/admin/webhooks', '/v1/admin/deliveries'],
} as const satisfies Record<string, readonly string[]>;
