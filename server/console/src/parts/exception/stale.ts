/** What reads differently after somebody has decided about an exception. */
export const staleAfterDecision: readonly string[] = [
  '/v1/admin/exceptions',
  '/v1/admin/access',
  '/v1/me/inbox',
  '/v1/me/exceptions',
  '/v1/me/access',
  '/v1/admin/overview',
  '/v1/admin/reviews',
  '/v1/me/reviews',
];
