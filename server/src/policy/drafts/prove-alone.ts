import { Fault } from '@postern/shared/protocol/errors';
import type { StepUpAnswer } from '@postern/shared/protocol/step-up';
import type { ManageAbout } from '@postern/shared/protocol/step-up-subject';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { PersonCaller } from '../../http/caller.ts';
import type { Admins } from '../../identity/index.ts';
import { proveToManage } from '../../step-up/index.ts';
import type { Unit } from '../../storage/store.ts';

/** Who decides, and how they show who they are. */
export type By = Pick<PersonCaller, 'id' | 'authenticatedAt'> & { stepUp?: StepUpAnswer | undefined };

/** What came of the proof that the only admin owes in place of another one's approval. */
interface Proof {
  steppedUp: boolean;
  /** Spends it. */
  unit: Unit;
  /** What to say where it was needed and is not there. */
  refusal: Fault | undefined;
}

/** Looks at the proof where there is only one admin; where there are more, another one approves and none is needed. */
export async function proveAlone(
  deps: Pick<Deps, 'store' | 'config'>,
  { by, about, admins }: { by: By; about: ManageAbout; admins: Pick<Admins, 'ids'> },
  now: Instant,
): Promise<Proof> {
  const nothing = { changes: [], audit: [] };
  if (admins.ids.length !== 1) return { steppedUp: false, unit: nothing, refusal: undefined };
  try {
    const { unit } = await proveToManage(deps, { by, about, answer: by.stepUp }, now);
    return { steppedUp: true, unit, refusal: undefined };
  } catch (error) {
    if (error instanceof Fault) return { steppedUp: false, unit: nothing, refusal: error };
    throw error;
  }
}
