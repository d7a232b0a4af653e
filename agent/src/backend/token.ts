import { z } from 'zod';
import { clientAssertionType, type TokenAnswer, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { second, toNumericDate } from '@postern/shared/time';
import { signJws } from '../keys/jws.ts';
import type { Random } from '../random.ts';
import type { ClientAttestationStore } from '../state/client-attestation.ts';
import { clientAttestationOf } from './client-attestation.ts';
import { BackendRefusal } from './faults.ts';
import { proverOf, type Session } from './session.ts';

const assertionLifeSeconds = 60;
/** RFC 6750 section 2.1: what a token may consist of. It is printed as it is. */
const answerSchema = tokenAnswerSchema.extend({ access_token: z.string().regex(/^[A-Za-z0-9._~+/-]+=*$/) });

export interface TokenWish {
  resource: string;
  /** As a gateway's challenge names it (RFC 9470). */
  acrValues?: string | undefined;
  maxAgeMs?: number | undefined;
}

/** How this client shows who it is, in one request. */
interface ClientAuthentication {
  headers?: Readonly<Record<string, string>>;
  form: () => Promise<Record<string, string>>;
}

/** The client attestation is no good any more: the server withdrew the key that signed it, or read its clock. */
const attestationRefused: ReadonlySet<string> = new Set([
  'client_attestation_invalid',
  'client_attestation_foreign_key',
  'client_attestation_expired',
]);

/**
 * `POST /oauth/token`: an access token for one resource, bound to the device key. `client_credentials` with a DPoP proof
 * (RFC 9449) and `resource` (RFC 8707); authenticated by the client attestation that this device holds, which the proof
 * completes, or where it gets none by `private_key_jwt` (RFC 7523 section 2.2).
 *
 * @throws BackendRefusal with `failedChecks` when the posture stands in the way @throws BackendUnreachable
 */
export async function requestToken(
  session: Session,
  wish: TokenWish,
  { random, attestations }: { random: Random; attestations: ClientAttestationStore },
): Promise<TokenAnswer> {
  const byKey = { form: () => privateKeyJwt(session, random) };
  const attestation = await clientAttestationOf(session, attestations);
  if (attestation === undefined) return ask(session, wish, byKey);
  try {
    const headers = { 'oauth-client-attestation': attestation };
    return await ask(session, wish, { headers, form: async () => ({}) });
  } catch (error) {
    if (!(error instanceof BackendRefusal && attestationRefused.has(error.code))) throw error;
    await attestations.remove();
    return ask(session, wish, byKey);
  }
}

function ask(session: Session, wish: TokenWish, { headers, form }: ClientAuthentication): Promise<TokenAnswer> {
  return session.backend.call({
    method: 'POST',
    path: '/oauth/token',
    answer: answerSchema,
    ...(headers === undefined ? {} : { headers }),
    body: async () => ({
      type: 'application/x-www-form-urlencoded',
      text: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: session.state.device.id,
        ...(await form()),
        resource: wish.resource,
        ...(wish.acrValues === undefined ? {} : { acr_values: wish.acrValues }),
        ...(wish.maxAgeMs === undefined ? {} : { max_age: String(Math.floor(wish.maxAgeMs / second)) }),
      }).toString(),
    }),
    prover: proverOf(session),
  });
}

async function privateKeyJwt({ state, key, backend }: Session, random: Random): Promise<Record<string, string>> {
  const issuedAt = toNumericDate(backend.now());
  const claims = {
    iss: state.device.id,
    sub: state.device.id,
    aud: state.server.issuer,
    jti: random.uuid(),
    iat: issuedAt,
    exp: issuedAt + assertionLifeSeconds,
  };
  // draft-ietf-oauth-rfc7523bis: typed, so that it cannot be taken for another document that this key signs.
  const header = { typ: 'client-authentication+jwt', kid: key.thumbprint };
  return {
    client_assertion_type: clientAssertionType,
    client_assertion: await signJws(key, header, JSON.stringify(claims)),
  };
}
