import { canonicalJson } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import { type Id, toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute, second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type Change, deleteAny, insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Store } from '../storage/store.ts';
import { recordRefusal } from './refusals.ts';

type Challenge = Database['step_ups'];

const lifeMs = 5 * minute;
/** Unanswered ones of one person. */
const mostOpen = 20;

/** What a challenge is for: as `Subject`, or to add a passkey to exactly the factors that there are. */
interface ChallengeSubject {
  purpose: 'add-passkey' | 'request' | 'decide' | 'manage';
  hash: string;
}

interface NewChallenge {
  id: Id<'stepUp'>;
  /** base64url SHA-256. */
  challenge: string;
  expiresAt: Instant;
  /** Stores it, and forgets those of this person that are too old. */
  changes: Change[];
}

/**
 * Makes a challenge for one person and one thing. The challenge itself is a hash over both, and over 32 random bytes.
 *
 * @throws Fault too_many_requests (with Retry-After) when as many wait for an answer as may
 */
export async function newChallenge(
  { store, random }: Pick<Deps, 'store' | 'random'>,
  personId: string,
  { purpose, hash }: ChallengeSubject,
  now: Instant,
): Promise<NewChallenge> {
  const open = await store.read
    .selectFrom('step_ups')
    .select('expires_at')
    .where('person_id', '=', personId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('expires_at')
    .limit(mostOpen)
    .execute();
  if (open.length >= mostOpen) {
    const waitMs = (open[0]?.expires_at ?? now) - now;
    throw new Fault('too_many_requests', { headers: { 'Retry-After': String(Math.ceil(waitMs / second)) } });
  }
  const id = toId('stepUp', random.uuid());
  const challenge = sha256(canonicalJson({ subject: hash, purpose, person: personId, nonce: random.secret() }));
  const expiresAt = now + lifeMs;
  const row = { id, person_id: personId, purpose, subject: hash, challenge, created_at: now, expires_at: expiresAt };
  return {
    id,
    challenge,
    expiresAt,
    changes: [
      deleteAny('step_ups', { person_id: personId, expires_at: { lte: now } }),
      insert('step_ups', { ...row, used_at: null }),
    ],
  };
}

/** A challenge that this person was given; nobody finds another one's. */
export async function readChallenge(
  { read }: Pick<Store, 'read'>,
  id: string,
  personId: string,
): Promise<Challenge | undefined> {
  return await read
    .selectFrom('step_ups')
    .selectAll()
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst();
}

/** Why a challenge is not good for this now; undefined when it is. */
export function flawOf(
  challenge: Challenge | undefined,
  { purpose, hash }: ChallengeSubject,
  now: Instant,
): string | undefined {
  if (challenge === undefined) return 'unknown-challenge';
  if (challenge.used_at !== null) return 'used';
  if (now >= challenge.expires_at) return 'expired';
  if (challenge.purpose !== purpose) return 'other-purpose';
  return challenge.subject === hash ? undefined : 'other-subject';
}

/** Guards: nobody has used it. */
export function spend({ id }: Challenge, now: Instant): Change {
  return updateOne('step_ups', { id, used_at: null, expires_at: { gt: now } }, { used_at: now });
}

/** Writes down that an answer was refused. Its challenge is good no more: there is one try for each. */
export async function refuseAnswer(
  store: Store,
  given: { personId: string; purpose: ChallengeSubject['purpose']; challenge: Challenge | undefined },
  data: { cause: string; passkey?: string },
  now: Instant,
): Promise<Fault> {
  const { personId, purpose, challenge } = given;
  const facts = { by: 'passkey', purpose, ...data };
  const isOpen = challenge?.used_at === null;
  try {
    const spent = isOpen ? [updateOne('step_ups', { id: challenge.id, used_at: null }, { used_at: now })] : [];
    await recordRefusal(store, personId, facts, spent, now);
  } catch (error) {
    // It was used at the same moment, which is all that this was to do.
    if (!(error instanceof ConflictError)) throw error;
    await recordRefusal(store, personId, facts, [], now);
  }
  return new Fault('step_up_invalid');
}
