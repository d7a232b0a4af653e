import type { Random } from '../random.ts';
import { makeProof } from './proof.ts';
import type { Session } from './session.ts';

/** A request to an application behind a gateway. */
export interface ApplicationRequest {
  method: string;
  /** As clients call it, without query. */
  url: string;
  /** `DPoP-Nonce` of the last answer from there (RFC 9449 section 9). */
  nonce: string | undefined;
}

/** The headers that show a token, and that this device may use it: RFC 9449 section 7.1. Good for that one request. */
export async function headersFor(
  { key, backend }: Session,
  request: ApplicationRequest,
  accessToken: string,
  random: Random,
): Promise<{ authorization: string; dpop: string }> {
  const dpop = await makeProof({ key, ...request, accessToken, jti: random.uuid(), now: backend.now() });
  return { authorization: `DPoP ${accessToken}`, dpop };
}
