import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { ClientAttestations } from '../client-attestation/verify.ts';
import { attestJwt } from './attest-jwt.ts';
import { attestJwtDpop } from './attest-jwt-dpop.ts';
import type { ClaimedClient, ClientAuthenticationMethod, ClientRequest } from './method.ts';
import { privateKeyJwt } from './private-key-jwt.ts';

export { assertionErrors, readClientAssertion, verifyClientAssertion } from './client-assertion.ts';
export { challengeHeader } from './headers.ts';
export type { ClaimedClient, ClientAuthenticationMethod } from './method.ts';
export { refuseUnknown } from './unknown-client.ts';

/** All ways to authenticate as a client at the token endpoint. Each presupposes a DPoP proof by the same key beside it. */
export function clientAuthenticationMethods(
  { config, nonces }: Pick<Deps, 'config' | 'nonces'>,
  attestations: ClientAttestations,
): ClientAuthenticationMethod[] {
  return [attestJwtDpop(attestations), attestJwt(attestations, config.issuer, nonces), privateKeyJwt(config.issuer)];
}

/**
 * Which device a request is of, by the one method that it uses (RFC 6749 section 2.3: no more than one).
 *
 * @throws Fault `assertion_missing`, `client_authentication_twice`, and those of the method
 */
export function readClient(
  methods: readonly ClientAuthenticationMethod[],
  request: ClientRequest,
  now: Instant,
): ClaimedClient | Promise<ClaimedClient> {
  const [method, another] = methods.filter((each) => each.isUsedBy(request));
  if (method === undefined) throw new Fault('assertion_missing');
  if (another !== undefined) throw new Fault('client_authentication_twice');
  return method.read(request, now);
}
