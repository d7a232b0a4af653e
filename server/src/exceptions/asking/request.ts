import { Fault } from '@postern/shared/protocol/errors';
import type { ExceptionRequest } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { readDeviceFacts } from '../../devices/index.ts';
import { proveStepUp } from '../../step-up/index.ts';
import { approveAtOnce } from '../deciding/at-once.ts';
import { newRequest } from './new-request.ts';
import { prepareRequest } from './prepare-request.ts';
import { refuseUnknownResources } from './resources.ts';
import { settle } from '../settle.ts';
import { requestSubject } from './subjects.ts';
import { joined } from '../units.ts';
import { wishOf } from './wish-of.ts';

/** Who asks or decides. */
export interface Actor {
  id: string;
  /** When they signed in; null where they speak through their device, which is no proof of a person. */
  authenticatedAt: Instant | null;
}

/**
 * Asks for an exception for the owner of a device. Nothing is waived before somebody else approves, or a condition of the
 * template does.
 *
 * @param asked.by the person who asks: the owner, or somebody for them
 * @param asked.isOwn only on a device of whoever asks
 * @returns the id of the new request
 * @throws Fault not_found and those in `requestErrors` (route-parts.ts)
 */
export async function requestException(
  deps: Pick<Deps, 'store' | 'random' | 'policies' | 'config'>,
  asked: { deviceId: string; by: Actor; request: ExceptionRequest; isOwn?: boolean },
  now: Instant,
): Promise<string> {
  const { store } = deps;
  const { deviceId, by, request } = asked;
  const wish = wishOf(request);
  await refuseUnknownResources(store.read, wish.resources);
  return await settle(store, async () => {
    const facts = await readDeviceFacts(store.read, { id: deviceId });
    if (facts === undefined || (asked.isOwn === true && facts.owner.id !== by.id)) throw new Fault('not_found');
    const { plan, rulebook, observed, open } = await prepareRequest(deps, facts, wish, now);
    const subject = { purpose: 'request' as const, hash: requestSubject({ device: deviceId, request }) };
    const proof = await proveStepUp(
      deps,
      { who: by, level: plan.stepUp.request, subject, answer: request.stepUp },
      now,
    );
    const { record, unit } = newRequest(
      deps,
      { facts, by: by.id, wish, plan, setId: null, authn: proof.authn, observed, extended: null, open },
      now,
    );
    const approved = approveAtOnce(record, { facts, rulebook }, now);
    return { device: facts, unit: joined(proof.unit, unit, approved), result: record.id };
  });
}
