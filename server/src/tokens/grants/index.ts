import type { Deps } from '../../deps.ts';
import type { ClientAttestations } from '../client-attestation/verify.ts';
import { idTokens } from '../id-token/subject-token.ts';
import { signInTokens } from '../sign-in-token/subject-token.ts';
import { createActorTokens } from './actor-token.ts';
import { clientCredentials } from './client-credentials.ts';
import { deviceCode } from './device-code.ts';
import type { GrantType } from './grant-type.ts';
import { tokenExchange } from './token-exchange.ts';

export type { Authorization, GrantType } from './grant-type.ts';

/** All ways to ask for a token. */
export function grantTypes(
  deps: Pick<Deps, 'config' | 'store' | 'signingKeys'>,
  attestations: ClientAttestations,
): GrantType[] {
  const { identityProvider, issuer } = deps.config;
  const subjectTokens = [signInTokens(deps), ...(identityProvider === null ? [] : [idTokens(identityProvider)])];
  return [clientCredentials, tokenExchange(subjectTokens, createActorTokens(attestations, issuer)), deviceCode(deps)];
}
