import type { JWTVerifyGetKey } from 'jose';
import { Fault } from '@postern/shared/protocol/errors';
import { tokenTypes } from '@postern/shared/protocol/token';
import type { SubjectTokenType } from '../grants/token-exchange.ts';
import { createProviderKeys } from './provider-keys.ts';
import { type IdentityProvider, verifyIdToken } from './verify.ts';

/** An ID token of the configured OpenID provider. Who it is about is whose e-mail address it has verified. */
export function idTokens(
  provider: IdentityProvider,
  keys: JWTVerifyGetKey = createProviderKeys(provider.issuer),
): SubjectTokenType {
  return {
    type: tokenTypes.idToken,
    async read(token, { owner }, now) {
      const { email, authenticatedAt, expiresAt } = await verifyIdToken(token, provider, keys, now);
      // Whether there is such a person at all is nothing to tell.
      if (email !== owner.email) throw new Fault('subject_not_owner');
      return {
        subject: { kind: 'person', id: owner.id, authenticatedAt, until: expiresAt, shown: 'id-token' },
        uses: [],
      };
    },
  };
}
