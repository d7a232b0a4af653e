import type { PasskeyAnswer } from '@postern/shared/protocol/step-up';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type Change, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { flawOf, readChallenge, refuseAnswer, spend } from './challenges.ts';
import { signedCounter } from './signed-counter.ts';
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
