import { z } from 'zod';
import { clientAssertionType, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { toNumericDate } from '@postern/shared/time';
import { signJws } from '../keys/jws.ts';
import type { Random } from '../random.ts';
import { proverOf, type Session } from './session.ts';

const assertionLifeSeconds = 60;
/** RFC 6750 section 2.1: what a token may consist of. It is printed as it is. */
const answerSchema = tokenAnswerSchema.extend({ access_token: z.string().regex(/^[A-Za-z0-9._~+/-]+=*$/) });

/**
 * `POST /oauth/token`: an access token for one resource, bound to the device key. `client_credentials` with
 * `private_key_jwt` (RFC 7523 section 2.2), a DPoP proof (RFC 9449) and `resource` (RFC 8707).
 *
 * @throws BackendRefusal with `failedChecks` when the posture stands in the way @throws BackendUnreachable
 */
export function requestToken(
  session: Session,
  resource: string,
  random: Random,
): Promise<z.output<typeof tokenAnswerSchema>> {
  return session.backend.call({
    method: 'POST',
    path: '/oauth/token',
    answer: answerSchema,
    body: async () => ({
      type: 'application/x-www-form-urlencoded',
      text: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: session.state.device.id,
        client_assertion_type: clientAssertionType,
        client_assertion: await assertionOf(session, random),
        resource,
      }).toString(),
    }),
    prover: proverOf(session),
  });
}

function assertionOf({ state, key, backend }: Session, random: Random): Promise<string> {
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
  return signJws(key, { typ: 'client-authentication+jwt', kid: key.thumbprint }, JSON.stringify(claims));
}
