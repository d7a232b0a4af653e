/** What reads differently after something was done to a person. */
export const stale = ['/v1/admin/users', '/v1/me'] as const;
