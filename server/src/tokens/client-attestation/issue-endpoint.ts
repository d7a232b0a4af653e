import type { Id } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import {
  clientAttestationAnswerSchema,
  type ClientAttestationClaims,
  clientAttestationType,
} from '@postern/shared/protocol/token';
import { type Instant, toNumericDate } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { readDeviceFacts } from '../../devices/index.ts';
import { asDevice, type DeviceCaller } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { explainPosture } from '../explain-refusal.ts';
import { newAttempt } from '../refusals.ts';
import { attestable } from './attestable.ts';

const path = '/oauth/client-attestation';

/**
 * `POST /oauth/client-attestation`: what a device authenticates with at the token endpoint, and at those of others that
 * trust this server as a client attester. It is asked for by itself rather than part of the answer to an attestation: a
 * device that asks for no tokens needs none, and to sign one each time would double what an attestation costs. It opens
 * nothing by itself, so that neither it nor its refusal is recorded: the token is.
 */
export function clientAttestationEndpoint(deps: Pick<Deps, 'config' | 'store' | 'policies' | 'signingKeys'>): AnyRoute {
  const { config, store, signingKeys } = deps;

  async function claimsFor({ id, jkt }: DeviceCaller, now: Instant): Promise<ClientAttestationClaims> {
    const facts = await readDeviceFacts(store.read, { id });
    // What the caller proved is the key that it had a moment ago.
    if (facts === undefined || facts.jkt !== jkt) throw new Fault('device_unknown');
    const decision = attestable(facts, await deps.policies.at(facts.policyEpoch), now);
    if (!decision.granted) throw explainPosture(decision, { issuer: config.issuer, attempt: newAttempt(path, now) });
    return {
      iss: config.issuer,
      sub: facts.id as Id<'device'>,
      iat: toNumericDate(now),
      exp: toNumericDate(decision.until),
      cnf: { jwk: facts.jwk },
    };
  }

  return defineRoute({
    method: 'POST',
    path,
    summary: 'Ask for a client attestation (draft-ietf-oauth-attestation-based-client-auth)',
    audience: 'device',
    rate: 'token',
    replies: { 200: clientAttestationAnswerSchema },
    errors: [
      'device_unknown',
      'device_pending',
      'device_suspended',
      'device_retired',
      'device_quarantined',
      'owner_inactive',
      'never_attested',
      'evidence_stale',
      'posture_refused',
    ],
    async handle({ caller, now }) {
      const claims = await claimsFor(asDevice(caller), now);
      return {
        status: 200,
        headers: { 'Cache-Control': 'no-store' },
        body: {
          client_attestation: await signingKeys.sign(claims, clientAttestationType, now),
          expires_in: claims.exp - claims.iat,
        },
      };
    },
  });
}
