import { toId } from '@postern/shared/ids';
import type { ExceptionSetBody } from '@postern/shared/protocol/exception-set';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { type DeviceFacts, readDeviceFacts } from '../../devices/index.ts';
import { proveStepUp } from '../../step-up/index.ts';
import { approveAtOnce } from '../deciding/at-once.ts';
import { newRequest } from '../asking/new-request.ts';
import type { Actor } from '../asking/request.ts';
import { prepareRequest } from '../asking/prepare-request.ts';
import { refuseUnknownResources } from '../asking/resources.ts';
import { membersOf } from './set-members.ts';
import { settle } from '../settle.ts';
import { higher } from '../lifecycle/stricter.ts';
import { requestSubject } from '../asking/subjects.ts';
import { joined } from '../units.ts';
import { wishOf } from '../asking/wish-of.ts';

type SetDeps = Pick<Deps, 'store' | 'random' | 'policies' | 'config'>;

/**
 * Asks for the same on several devices, each for the person whose it is: as many requests, all or none, which are decided
 * one by one or together. Whom it is about is settled now and for good.
 *
 * @returns the id that they share
 * @throws Fault exception_set_empty, exception_set_too_large and those in `requestErrors` (route-parts.ts), with details
 *   that name each device that cannot
 */
export async function requestSet(
  deps: SetDeps,
  asked: { by: Actor; request: ExceptionSetBody },
  now: Instant,
): Promise<string> {
  const { store } = deps;
  const { by, request } = asked;
  const wish = wishOf(request);
  await refuseUnknownResources(store.read, wish.resources);
  const setId = toId('exceptionSet', deps.random.uuid());
  return await settle(store, async () => {
    const ids = await membersOf(store.read, request);
    const prepared = await prepareAll(deps, ids, wish, now);

    const level = prepared.map(({ plan }) => plan.stepUp.request).reduce(higher, 'none');
    const subject = { purpose: 'request' as const, hash: requestSubject({ set: request }) };
    const proof = await proveStepUp(deps, { who: by, level, subject, answer: request.stepUp }, now);
    const units = prepared.map(({ facts, plan, rulebook, observed, open }) => {
      const { record, unit } = newRequest(
        deps,
        { facts, by: by.id, wish, plan, setId, authn: proof.authn, observed, extended: null, open },
        now,
      );
      return joined(unit, approveAtOnce(record, { facts, rulebook }, now));
    });
    return { device: prepared.map(({ facts }) => facts), unit: joined(proof.unit, ...units), result: setId };
  });
}

type Prepared = Awaited<ReturnType<typeof prepareRequest>> & { facts: DeviceFacts };

/** What is needed to ask on each of the devices. Throws the first refusal with details of all. */
async function prepareAll(
  deps: SetDeps,
  ids: readonly string[],
  wish: ReturnType<typeof wishOf>,
  now: Instant,
): Promise<Prepared[]> {
  const refused: { id: string; fault: Fault }[] = [];
  const attempts = ids.map(async (id): Promise<Prepared[]> => {
    try {
      const facts = await readDeviceFacts(deps.store.read, { id });
      if (facts === undefined) throw new Fault('not_found');
      return [{ facts, ...(await prepareRequest(deps, facts, wish, now)) }];
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refused.push({ id, fault: error });
      return [];
    }
  });
  const prepared = (await Promise.all(attempts)).flat();
  const [first] = refused.toSorted((left, right) => left.id.localeCompare(right.id));
  if (first === undefined) return prepared;
  const details = refused.map(({ id, fault }) => ({ path: `devices.${id}`, message: said(fault) }));
  throw new Fault(first.fault.code, { details });
}

function said({ message, details }: Fault): string {
  return [message, ...details.map((detail) => `${detail.path} ${detail.message}`)].join(' ');
}
