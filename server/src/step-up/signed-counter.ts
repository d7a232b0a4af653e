import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Assertion } from '@postern/shared/protocol/step-up';
import type { Config } from '../config.ts';
import type { Database } from '../storage/database.ts';
import { relyingParty, userHandleOf } from './relying-party.ts';
import { loadWebauthn, loadWebauthnHelpers } from './webauthn.ts';

/**
 * Whether this passkey of this person signed the challenge (WebAuthn section 7.2), on this console, with the person verified.
 *
 * @returns what its row holds from now on, or why not
 */
export async function signedCounter(
  config: Pick<Config, 'issuer'>,
  personId: string,
  passkey: Pick<Database['passkeys'], 'id' | 'public_key' | 'counter'>,
  challenge: string,
  { id, rawId, type, response }: Assertion,
): Promise<{ counter: number; backedUp: boolean } | 'signature' | 'counter' | 'other-person'> {
  const { userHandle, clientDataJSON, authenticatorData, signature } = response;
  if (typeof userHandle === 'string' && userHandle !== userHandleOf(personId)) return 'other-person';
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty(config);
  const answer: AuthenticationResponseJSON = {
    id,
    rawId,
    type,
    response: { clientDataJSON, authenticatorData, signature },
    clientExtensionResults: {},
  };
  try {
    const { decodeClientDataJSON } = await loadWebauthnHelpers();
    // A page that frames the console could ask for what its visitor does not see.
    if (decodeClientDataJSON(clientDataJSON).crossOrigin === true) return 'signature';
    const { verifyAuthenticationResponse } = await loadWebauthn();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: true,
      // The counter is looked at below, once it is known who signed it.
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.public_key, 'base64url')),
        counter: 0,
      },
    });
    if (!verified) return 'signature';
    const { newCounter: counter, credentialBackedUp: backedUp } = authenticationInfo;
    // WebAuthn section 6.1.1: a counter that does not rise means that the key is in two places. Zero: it has none.
    const counts = counter > 0 || passkey.counter > 0;
    return counts && counter <= passkey.counter ? 'counter' : { counter, backedUp };
  } catch {
    return 'signature';
  }
}
