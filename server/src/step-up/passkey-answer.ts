import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server';
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers';
import type { PasskeyAnswer } from '@postern/shared/protocol/step-up';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type Change, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { flawOf, readChallenge, refuseAnswer, spend } from './challenges.ts';
import { relyingParty, userHandleOf } from './relying-party.ts';
import type { Subject } from './subjects.ts';

type Passkey = Database['passkeys'];

/**
 * Checks what a passkey signed (WebAuthn section 7.2): for this challenge, given to this person for exactly this, not yet
 * used and not too old, with the person verified by the authenticator. A challenge that was answered wrongly is spent.
 *
 * @returns what spends the challenge and moves the counter; refuses its unit when either was used meanwhile
 * @throws Fault step_up_invalid
 */
export async function checkPasskey(
  { store, config }: Pick<Deps, 'store' | 'config'>,
  { personId, passkeys, subject }: { personId: string; passkeys: readonly Passkey[]; subject: Subject },
  { stepUp, assertion }: PasskeyAnswer,
  now: Instant,
): Promise<{ passkey: Passkey; changes: Change[] }> {
  const challenge = await readChallenge(store, stepUp, personId);
  const passkey = passkeys.find(({ id }) => id === assertion.id);
  const given = { personId, purpose: subject.purpose, challenge };
  const flaw = flawOf(challenge, subject, now);
  if (challenge === undefined || flaw !== undefined) throw await refuseAnswer(store, given, { cause: flaw ?? '' }, now);
  if (passkey === undefined) throw await refuseAnswer(store, given, { cause: 'unknown-passkey' }, now);

  const signed = await signedCounter(config, personId, passkey, challenge.challenge, assertion);
  if (typeof signed === 'string') throw await refuseAnswer(store, given, { cause: signed, passkey: passkey.id }, now);
  return {
    passkey,
    changes: [
      spend(challenge, now),
      updateOne(
        'passkeys',
        { id: passkey.id, removed_at: null, counter: passkey.counter },
        { counter: signed.counter, backed_up: signed.backedUp ? 1 : 0, used_at: now },
      ),
    ],
  };
}

async function signedCounter(
  config: Parameters<typeof relyingParty>[0],
  personId: string,
  passkey: Passkey,
  challenge: string,
  { id, rawId, type, response }: PasskeyAnswer['assertion'],
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
    // A page that frames the console could ask for what its visitor does not see.
    if (decodeClientDataJSON(clientDataJSON).crossOrigin === true) return 'signature';
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
