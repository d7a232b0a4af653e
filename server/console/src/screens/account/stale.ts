/** What reads differently after somebody changed what they sign in with. */
export const stale = ['/v1/me', '/v1/admin/users'] as const;
