import { Fault } from '@postern/shared/protocol/errors';
import type { Authn, StepUpAnswer, StepUpLevel } from '@postern/shared/protocol/step-up';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { hasSteppedUp, stepUpRequired } from '../http/step-up.ts';
import type { Unit } from '../storage/store.ts';

/** What a proof is for: one purpose, and the hash of exactly what is asked or decided. */
export interface Subject {
  purpose: 'request' | 'decide' | 'manage';
  /** base64url SHA-256. */
  hash: string;
}

export interface StepUpProof {
  /** Null where nothing was demanded. */
  authn: Authn | null;
  /** Spends the challenge or the code; belongs into the unit of what it is for. */
  unit: Unit;
}

/**
 * Checks that somebody showed who they are as well as is demanded, for exactly this. A proof is good once.
 *
 * @param who.authenticatedAt when they signed in; null where they speak through their device, which is no proof of a person
 * @throws Fault step_up_required (with the member `step_up`: ways that would do), step_up_invalid, step_up_locked,
 *   second_factor_missing
 */
export async function proveStepUp(
  _deps: Pick<Deps, 'store' | 'config'>,
  given: {
    who: { id: string; authenticatedAt: Instant | null };
    level: StepUpLevel;
    subject: Subject;
    answer: StepUpAnswer | undefined;
  },
  now: Instant,
): Promise<StepUpProof> {
  const { who, level } = given;
  if (level === 'none') return { authn: null, unit: { changes: [], audit: [] } };
  if (level === 'recent' && who.authenticatedAt !== null && hasSteppedUp({ authenticatedAt: who.authenticatedAt }, now))
    return {
      authn: { level, credential: null, at: toTimestamp(who.authenticatedAt) },
      unit: { changes: [], audit: [] },
    };
  if (level === 'recent') throw stepUpRequired();
  throw new Fault('second_factor_missing');
}
