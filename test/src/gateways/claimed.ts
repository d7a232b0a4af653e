/** What a token says of who asks: no mail, no groups, and nothing of what must be fixed. */
export const claimed = [
  'x-auth-request-user',
  'x-auth-request-device',
  'x-auth-request-owner',
  'x-auth-request-roles',
  'x-posture-status',
] as const;
