import type { EnrollmentToken } from './types.ts';

/** Why a token enrolls nothing, unless it is open. */
export type TokenState = 'open' | 'used' | 'over' | 'revoked';

/** Whether a token still enrolls anything, and why not. */
export function tokenState(
  token: Pick<EnrollmentToken, 'revoked' | 'usesLeft' | 'expiresAt'>,
  now: number,
): TokenState {
  if (token.revoked) return 'revoked';
  if (token.usesLeft === 0) return 'used';
  return Date.parse(token.expiresAt) <= now ? 'over' : 'open';
}
