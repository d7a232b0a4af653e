import { Fault } from '@postern/shared/protocol/errors';
import type { Authn, StepUpAnswer, StepUpLevel } from '@postern/shared/protocol/step-up';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { hasSteppedUp, stepUpRequired } from '../http/step-up.ts';
import type { Unit } from '../storage/store.ts';
import { checkCode } from './code-answer.ts';
import { type Factors, readFactors, waysFor } from './factors.ts';
import { checkPasskey } from './passkey-answer.ts';
import { factorEvent } from './refusals.ts';
import type { Subject } from './subjects.ts';

export interface StepUpProof {
  /** Null where nothing was demanded. */
  authn: Authn | null;
  /** Spends the challenge or the code; belongs into the unit of what it is for. */
  unit: Unit;
}

interface Who {
  id: string;
  /** When they signed in; null where they speak through their device, which is no proof of a person. */
  authenticatedAt: Instant | null;
}

/**
 * Checks that somebody showed who they are as well as is demanded, for exactly this. A proof is good once: its unit
 * refuses to be written a second time. An answer that is given is checked, also where a sign-in would do.
 *
 * @throws Fault step_up_required (with the member `step_up`: ways that would do), step_up_invalid, step_up_locked,
 *   second_factor_missing, conflict
 */
export async function proveStepUp(
  deps: Pick<Deps, 'store' | 'config'>,
  given: { who: Who; level: StepUpLevel; subject: Subject; answer: StepUpAnswer | undefined },
  now: Instant,
): Promise<StepUpProof> {
  const { who, level, subject, answer } = given;
  if (level === 'none') return { authn: null, unit: { changes: [], audit: [] } };
  const { authenticatedAt } = who;
  if (answer === undefined && level === 'recent' && authenticatedAt !== null && hasSteppedUp({ authenticatedAt }, now))
    return { authn: { level, credential: null, at: toTimestamp(authenticatedAt) }, unit: { changes: [], audit: [] } };

  const factors = await readFactors(deps.store, who.id);
  if (answer === undefined || !waysFor(level, factors).includes(answer.kind)) throw demandOf(level, factors, who);
  const at = toTimestamp(now);
  const passed = (by: AuditEvent['data']): AuditEvent[] => [
    factorEvent('step-up.passed', who.id, now, { ...by, level, purpose: subject.purpose, hash: subject.hash }),
  ];
  if (answer.kind === 'passkey') {
    const asked = { personId: who.id, passkeys: factors.passkeys, subject };
    const { passkey, changes } = await checkPasskey(deps, asked, answer, now);
    return {
      authn: { level: 'passkey', credential: passkey.id, at },
      unit: { changes, audit: passed({ by: 'passkey', passkey: passkey.id }) },
    };
  }
  const readApp = async () => (await readFactors(deps.store, who.id)).app;
  const asked = { code: answer.code, personId: who.id, purpose: subject.purpose };
  const { spend } = await checkCode(deps, readApp, asked, now);
  return {
    authn: { level: 'second-factor', credential: null, at },
    unit: { changes: [spend()], audit: passed({ by: 'code' }) },
  };
}

/** What would do. That is no secret from somebody who is signed in: they can list their own factors. */
function demandOf(level: StepUpLevel, factors: Factors, { authenticatedAt }: Who): Fault {
  const ways = waysFor(level, factors);
  if (level === 'recent' && authenticatedAt !== null) return stepUpRequired(level, ['sign-in', ...ways]);
  return ways.length === 0 ? new Fault('second_factor_missing') : stepUpRequired(level, ways);
}
