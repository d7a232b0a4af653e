import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { AttestationObject } from '@simplewebauthn/server/helpers';
import type { Attestation } from '@postern/shared/protocol/step-up';
import type { Config } from '../config.ts';
import { relyingParty } from './relying-party.ts';
import { loadWebauthn, loadWebauthnHelpers } from './webauthn.ts';

/** Of COSE (RFC 9053): ES256, EdDSA and, for Windows Hello, RS256. */
export const algorithms = [-7, -8, -257];

/** A passkey that somebody showed they hold. */
interface NewPasskey {
  id: string;
  /** COSE key, base64url. */
  publicKey: string;
  counter: number;
  backedUp: boolean;
}

/**
 * Checks the registration of a passkey (WebAuthn section 7.1): for this challenge, on this console, with the person
 * verified. Who made the authenticator is not asked: certificates are not looked at, as they name addresses to fetch.
 *
 * @returns undefined when it is not right
 */
export async function checkAttestation(
  config: Pick<Config, 'issuer'>,
  challenge: string,
  { id, rawId, type, response }: Attestation,
): Promise<NewPasskey | undefined> {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty(config);
  const { clientDataJSON, attestationObject } = response;
  const answer: RegistrationResponseJSON = {
    id,
    rawId,
    type,
    response: { clientDataJSON, attestationObject },
    clientExtensionResults: {},
  };
  try {
    const { decodeAttestationObject, decodeClientDataJSON } = await loadWebauthnHelpers();
    const attested = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
    if (decodeClientDataJSON(clientDataJSON).crossOrigin === true || namesMaker(attested)) return undefined;
    const { verifyRegistrationResponse } = await loadWebauthn();
    const result = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!result.verified) return undefined;
    const { credential, credentialBackedUp: backedUp } = result.registrationInfo;
    if (credential.id !== id) return undefined;
    const publicKey = Buffer.from(credential.publicKey).toString('base64url');
    return { id: credential.id, publicKey, counter: credential.counter, backedUp };
  } catch {
    return undefined;
  }
}

/** Only `none` and self-attestation are read. The library fetches revocation lists from where certificates say. */
function namesMaker(decoded: AttestationObject): boolean {
  if (decoded.get('fmt') === 'none') return false;
  return decoded.get('fmt') !== 'packed' || decoded.get('attStmt').get('x5c') !== undefined;
}
