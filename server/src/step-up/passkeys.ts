import { Fault } from '@postern/shared/protocol/errors';
import type { NewPasskey, Passkey, PasskeyOptions } from '@postern/shared/protocol/me';
import type { StepUpAnswer } from '@postern/shared/protocol/step-up';
import { type Instant, minute, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { PersonCaller } from '../http/caller.ts';
import { hasSteppedUp, stepUpRequired } from '../http/step-up.ts';
import { deleteAny, insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';
import { algorithms, checkAttestation } from './attestation-answer.ts';
import { flawOf, newChallenge, readChallenge, refuseAnswer, spend } from './challenges.ts';
import { markOf, readFactors } from './factors.ts';
import { proveToManage } from './manage.ts';
import { factorEvent } from './refusals.ts';
import { relyingParty, userHandleOf } from './relying-party.ts';
import { loadWebauthn } from './webauthn.ts';

type PasskeyDeps = Pick<Deps, 'store' | 'config' | 'random'>;
type By = Pick<PersonCaller, 'id' | 'authenticatedAt'>;

const mostPasskeys = 20;

export function passkeyView(row: Database['passkeys']): Passkey {
  return {
    id: row.id,
    label: row.label,
    createdAt: toTimestamp(row.created_at),
    usedAt: toTimestampOrNull(row.used_at),
    backedUp: row.backed_up === 1,
  };
}

/**
 * Begins to add a passkey: for somebody who signed in just now, and who shows a factor that they have already. Otherwise a
 * session that was left open would be worth a passkey for good.
 *
 * @throws Fault step_up_required, step_up_invalid, step_up_locked, second_factor_taken when there are twenty,
 *   too_many_requests, conflict
 */
export async function beginPasskey(
  deps: PasskeyDeps,
  { by, answer }: { by: By & { email: string; name: string }; answer: StepUpAnswer | undefined },
  now: Instant,
): Promise<PasskeyOptions> {
  if (!hasSteppedUp(by, now)) throw stepUpRequired();
  const factors = await readFactors(deps.store, by.id);
  refuseTooMany(factors.passkeys);
  const proof = await proveToManage(deps, { by, about: { action: 'add-passkey' }, answer }, now);
  const wish = { purpose: 'add-passkey', hash: markOf(factors) } as const;
  const { id, challenge, expiresAt, changes } = await newChallenge(deps, by.id, wish, now);
  const party = relyingParty(deps.config);
  const { generateRegistrationOptions } = await loadWebauthn();
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userID: new Uint8Array(Buffer.from(userHandleOf(by.id), 'base64url')),
    userName: by.email,
    userDisplayName: by.name,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: 5 * minute,
    attestationType: 'none',
    excludeCredentials: factors.passkeys.map((row) => ({
      id: row.id,
      transports: JSON.parse(row.transports) as string[],
    })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  });
  try {
    await deps.store.commit({ changes: [...proof.unit.changes, ...changes], audit: proof.unit.audit });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('step_up_invalid') : error;
  }
  return { id, options: { ...options }, expiresAt: toTimestamp(expiresAt) };
}

/**
 * Adds the passkey that answers a challenge of `beginPasskey`. Factors that were added or removed since make it worthless.
 *
 * @throws Fault step_up_invalid, second_factor_taken
 */
export async function addPasskey(
  { store, config }: PasskeyDeps,
  personId: string,
  { stepUp, label, attestation }: NewPasskey,
  now: Instant,
): Promise<Passkey> {
  const challenge = await readChallenge(store, stepUp, personId);
  const factors = await readFactors(store, personId);
  const given = { personId, purpose: 'add-passkey', challenge } as const;
  const flaw = flawOf(challenge, { purpose: 'add-passkey', hash: markOf(factors) }, now);
  if (challenge === undefined || flaw !== undefined) throw await refuseAnswer(store, given, { cause: flaw ?? '' }, now);
  refuseTooMany(factors.passkeys);
  const made = await checkAttestation(config, challenge.challenge, attestation);
  if (made === undefined) throw await refuseAnswer(store, given, { cause: 'attestation' }, now);
  const row = {
    id: made.id,
    person_id: personId,
    label,
    public_key: made.publicKey,
    counter: made.counter,
    transports: JSON.stringify(attestation.response.transports),
    backed_up: made.backedUp ? 1 : 0,
    created_at: now,
    used_at: null,
    removed_at: null,
  };
  const added = factorEvent('passkey.added', personId, now, { passkey: row.id, backedUp: made.backedUp });
  try {
    await store.commit({
      changes: [
        spend(challenge, now),
        insert('passkeys', row),
        // An app that was begun when there was no factor to show is no way around this one.
        deleteAny('authenticator_apps', { person_id: personId, confirmed_at: null }),
      ],
      audit: [{ ...added, text: label }],
    });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    throw new Fault(error.change === 0 ? 'step_up_invalid' : 'second_factor_taken');
  }
  return passkeyView(row);
}

/**
 * Removes a passkey of one's own. It takes a factor, this one or another: who has lost them all asks an admin.
 *
 * @throws Fault not_found, step_up_required, step_up_invalid, step_up_locked, conflict
 */
export async function removePasskey(
  deps: PasskeyDeps,
  { id, by, answer }: { id: string; by: By; answer: StepUpAnswer | undefined },
  now: Instant,
): Promise<void> {
  const { passkeys } = await readFactors(deps.store, by.id);
  if (!passkeys.some((row) => row.id === id)) throw new Fault('not_found');
  const { unit } = await proveToManage(deps, { by, about: { action: 'remove-passkey', target: id }, answer }, now);
  try {
    await deps.store.commit({
      changes: [
        ...unit.changes,
        updateOne('passkeys', { id, person_id: by.id, removed_at: null }, { removed_at: now }),
      ],
      audit: [...unit.audit, factorEvent('passkey.removed', by.id, now, { passkey: id })],
    });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('conflict') : error;
  }
}

function refuseTooMany(passkeys: readonly unknown[]): void {
  if (passkeys.length < mostPasskeys) return;
  const message = `there are ${mostPasskeys} passkeys already; remove one first`;
  throw new Fault('second_factor_taken', { details: [{ path: 'body', message }] });
}
