import { type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server';
import { cose, decodeAttestationObject, decodeClientDataJSON } from '@simplewebauthn/server/helpers';
import type { Attestation } from '@postern/shared/protocol/step-up';
import type { Config } from '../config.ts';
import { relyingParty } from './relying-party.ts';

export const algorithms = [cose.COSEALG.ES256, cose.COSEALG.EdDSA, cose.COSEALG.RS256];

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
    if (decodeClientDataJSON(clientDataJSON).crossOrigin === true || namesMaker(attestationObject)) return undefined;
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
function namesMaker(attestationObject: string): boolean {
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
  if (decoded.get('fmt') === 'none') return false;
  return decoded.get('fmt') !== 'packed' || decoded.get('attStmt').get('x5c') !== undefined;
}
