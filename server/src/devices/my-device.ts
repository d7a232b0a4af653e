import { findCheck } from '@postern/shared/checks/catalogue';
import type { OwnDevice } from '@postern/shared/protocol/device';
import { Fault } from '@postern/shared/protocol/errors';
import type { MyDeviceDetail } from '@postern/shared/protocol/my-device';
import { type Instant, second, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { collectionPlan } from '../policy/index.ts';
import { readDeviceFacts } from './facts.ts';
import { isFreshStart } from './fresh-start.ts';
import { failingRules } from './my-devices.ts';
import { standingOf } from './standing.ts';
import { subjectOf } from './subject.ts';
import { deviceSummary } from './view.ts';

type MyDeviceDeps = Pick<Deps, 'store' | 'policies' | 'config'> & {
  exceptionViews(deviceId: string, now: Instant): Promise<OwnDevice['exceptions']>;
};

/**
 * One device of a person with all that is known of it: how it stands and why, what it sent, what it is asked for.
 *
 * @throws Fault not_found, also where it is somebody else's: whether there is such a device is not theirs to know
 */
export async function myDevice(
  deps: MyDeviceDeps,
  { id, personId }: { id: string; personId: string },
  now: Instant,
): Promise<MyDeviceDetail> {
  const facts = await readDeviceFacts(deps.store.read, { id });
  if (facts === undefined || facts.owner.id !== personId) throw new Fault('not_found');
  const [rulebook, exceptions] = await Promise.all([
    deps.policies.at(facts.policyEpoch),
    deps.exceptionViews(facts.id, now),
  ]);
  const standing = standingOf(facts, rulebook, null, now);
  const plan = collectionPlan(rulebook, subjectOf(facts), deps.config);
  const { evidence, posture } = facts;
  return {
    ...deviceSummary(facts, standing),
    failing: failingRules(standing),
    verdict: standing?.verdict ?? null,
    report:
      evidence === null || isFreshStart(evidence)
        ? null
        : { seq: evidence.seq, receivedAt: toTimestamp(evidence.receivedAt) },
    reportsEverySeconds: deps.config.attestEveryMs / second,
    exceptions,
    sent:
      posture === null
        ? null
        : Object.entries(posture.readings).map(([check, reading]) => Object.assign(lookedAt(check), { reading })),
    collect: {
      checks: plan.checks.map((check) => Object.assign(lookedAt(check), { paths: plan.targets[check] ?? [] })),
      maxReadingAgeSeconds: plan.maxReadingAgeSeconds,
      identifiersKeyed: plan.identifierKey !== null,
    },
  };
}

/** What people call a check. One that this version does not know keeps its id. */
function lookedAt(check: string) {
  const known = findCheck(check);
  return { check, title: known?.title ?? check, about: known?.about ?? '' };
}
