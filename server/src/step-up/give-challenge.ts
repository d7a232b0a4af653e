import { Fault } from '@postern/shared/protocol/errors';
import type { NewStepUp, StepUp } from '@postern/shared/protocol/step-up-subject';
import { type Instant, minute, parseDuration, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { newChallenge } from './challenges.ts';
import { readFactors } from './factors.ts';
import { relyingParty } from './relying-party.ts';
import { decisionSubject, manageSubject, requestSubject, type Subject } from './subjects.ts';
import { loadWebauthn } from './webauthn.ts';

/**
 * Gives somebody a challenge for one of their passkeys, bound to exactly what they say they will ask, decide or do.
 *
 * @throws Fault second_factor_missing when they have no passkey, too_many_requests
 */
export async function giveChallenge(
  deps: Pick<Deps, 'store' | 'config' | 'random'>,
  personId: string,
  asked: NewStepUp,
  now: Instant,
): Promise<StepUp> {
  const { passkeys } = await readFactors(deps.store, personId);
  if (passkeys.length === 0) throw new Fault('second_factor_missing');
  const { id, challenge, expiresAt, changes } = await newChallenge(deps, personId, subjectOf(asked), now);
  const { generateAuthenticationOptions } = await loadWebauthn();
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(deps.config).id,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    allowCredentials: passkeys.map((passkey) => ({
      id: passkey.id,
      transports: JSON.parse(passkey.transports) as string[],
    })),
    userVerification: 'required',
    timeout: 5 * minute,
  });
  // A challenge allows nothing by itself; that it was answered is what is recorded.
  await deps.store.commit({ changes, audit: [] });
  return { id, options: { ...options }, expiresAt: toTimestamp(expiresAt) };
}

function subjectOf(asked: NewStepUp): Subject {
  if (asked.purpose === 'request') return { purpose: 'request', hash: requestSubject(asked.about) };
  if (asked.purpose === 'manage') return { purpose: 'manage', hash: manageSubject(asked.about) };
  const { duration, ...about } = asked.about;
  const durationMs = duration === undefined ? undefined : parseDuration(duration);
  return { purpose: 'decide', hash: decisionSubject({ ...about, durationMs }) };
}
