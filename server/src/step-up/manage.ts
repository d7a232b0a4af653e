import type { StepUpAnswer } from '@postern/shared/protocol/step-up';
import type { ManageAbout } from '@postern/shared/protocol/step-up-subject';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { PersonCaller } from '../http/caller.ts';
import { hasSteppedUp } from '../http/step-up.ts';
import type { Store } from '../storage/store.ts';
import { levelToManage, readFactors } from './factors.ts';
import { proveStepUp, type StepUpProof } from './prove.ts';
import { manageSubject } from './subjects.ts';

type By = Pick<PersonCaller, 'id' | 'authenticatedAt'>;

/**
 * Checks the proof of somebody who does something with the server itself: a factor where they have one, otherwise a
 * fresh sign-in; a passkey for what is done with passkeys, where they have one.
 *
 * @throws Fault step_up_required, step_up_invalid, step_up_locked, second_factor_missing, conflict
 */
export async function proveToManage(
  deps: Pick<Deps, 'store' | 'config'>,
  { by, about, answer }: { by: By; about: ManageAbout; answer: StepUpAnswer | undefined },
  now: Instant,
): Promise<StepUpProof> {
  const level = levelToManage(await readFactors(deps.store, by.id), about.action);
  const subject = { purpose: 'manage', hash: manageSubject(about) } as const;
  return await proveStepUp(deps, { who: by, level, subject, answer }, now);
}

/** Whether they could do it without a word: they signed in just now, and have no factor to show. */
export async function needsNoProof(store: Pick<Store, 'read'>, by: By, now: Instant): Promise<boolean> {
  return hasSteppedUp(by, now) && levelToManage(await readFactors(store, by.id)) === 'recent';
}
