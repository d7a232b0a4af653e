import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, second } from '@postern/shared/time';
import { type LiveToken, meetsRequirements } from '../tokens/index.ts';
import { type AccessTokenClaims, ownerOf } from '@postern/shared/protocol/token';

/** What the operator wrote into the address that the gateway asks: they only ever ask for more. */
export const verifyQuerySchema = z.strictObject({
  /** Which of the gateway's resources it asks for. */
  resource: z.string().max(256).optional(),
  /** RFC 9470: any of these will do. */
  acr_values: z.string().max(512).optional(),
  /** Seconds that the device's last report, and the sign-in of a person who is present, may be old. */
  max_age: z
    .string()
    .regex(/^\d{1,7}$/, 'must be a number of seconds')
    .optional(),
  role: z.string().max(128).optional(),
});
export type VerifyQuery = z.output<typeof verifyQuerySchema>;

/**
 * How well the device stands is asked of this instant: it may be better or worse than what the token says.
 *
 * @throws Fault `posture_insufficient` (RFC 9470 section 3), `role_insufficient`
 */
export function checkRequirements(
  { role, ...wanted }: VerifyQuery,
  claims: AccessTokenClaims,
  { decision }: LiveToken,
  now: Instant,
): void {
  const { sub, auth_time: authTime = Number.NaN } = claims;
  const person = { kind: 'person', authenticatedAt: authTime * second } as const;
  if (!meetsRequirements(wanted, decision, sub === ownerOf(claims) ? person : { kind: 'device' }, now)) {
    const { acr_values: acrValues, max_age: maxAge } = wanted;
    throw new Fault('posture_insufficient', {
      members: {
        ...(acrValues === undefined ? {} : { acr_values: acrValues }),
        ...(maxAge === undefined ? {} : { max_age: Number(maxAge) }),
      },
    });
  }
  if (role !== undefined && decision.grant?.role !== role) throw new Fault('role_insufficient', { members: { role } });
}
