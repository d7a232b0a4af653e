import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import { tokenTypes } from '@postern/shared/protocol/token';
import { type Instant, second } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { SubjectTokenType } from '../grants/token-exchange.ts';
import { spentSignInToken } from '../spent.ts';

/** Of its own type, so that no verifier that asks for another takes it. */
export const signInTokenType = 'postern-sign-in+jwt';

const claimsSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: idSchema('user'),
  /** The one device that may exchange it. */
  device_id: idSchema('device'),
  jti: idSchema('signIn'),
  iat: z.int(),
  exp: z.int(),
  auth_time: z.int(),
});
export type SignInTokenClaims = z.infer<typeof claimsSchema>;

/** Only the token endpoint takes it: a gateway that looks at nothing but the audience must not. */
export const signInAudience = (issuer: string): string => `${issuer}/oauth/token`;

/** What `POST /v1/me/sign-in-tokens` made: good once, for one device, while the person who made it owns that. */
export function signInTokens({
  config: { issuer },
  signingKeys,
}: Pick<Deps, 'config' | 'signingKeys'>): SubjectTokenType {
  async function claimsOf(token: string, now: Instant): Promise<SignInTokenClaims> {
    const claims = claimsSchema.safeParse(await signingKeys.verify(token, signInTokenType)).data;
    if (claims === undefined || claims.iss !== issuer || claims.aud !== signInAudience(issuer))
      throw new Fault('subject_token_invalid');
    if (claims.exp * second <= now) throw new Fault('subject_token_expired');
    return claims;
  }

  return {
    type: tokenTypes.jwt,
    async read(token, facts, now) {
      const { sub: id, device_id: deviceId, jti, exp, auth_time: authTime } = await claimsOf(token, now);
      if (deviceId !== facts.id) throw new Fault('subject_other_device');
      if (id !== facts.owner.id) throw new Fault('subject_not_owner');
      const until = exp * second;
      return {
        subject: { kind: 'person', id, authenticatedAt: authTime * second, until, shown: 'sign-in' },
        uses: [spentSignInToken(jti, until)],
      };
    },
  };
}
