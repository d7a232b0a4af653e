import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { deviceQuery, factsOf } from '../devices/index.ts';
import { isLive, isOpenTo, voidCause } from '../policy/index.ts';
import { findingsOf } from './observe.ts';
import type { ExceptionRecord } from './lifecycle/record.ts';

/**
 * Ids of the exceptions that hold at this instant: in force, and not void for what the device, its owner or the policies
 * have become since they were approved. One read, whatever their number.
 */
export async function holdingExceptions(
  { store, policies }: Pick<Deps, 'store' | 'policies'>,
  records: readonly ExceptionRecord[],
  now: Instant,
): Promise<ReadonlySet<string>> {
  const live = records.filter((record) => isLive(record, now));
  const holding = new Set<string>();
  if (live.length === 0) return holding;
  const deviceIds = [...new Set(live.map(({ deviceId }) => deviceId))];
  const rows = await deviceQuery(store.read).where('devices.id', 'in', deviceIds).execute();
  for (const [deviceId, ofDevice] of Map.groupBy(rows, ({ id }) => id)) {
    const facts = factsOf(ofDevice);
    if (facts === undefined) continue;
    const current = await policies.at(facts.policyEpoch);
    const findings = findingsOf(current, facts, now);
    const holder = { findings, personId: facts.owner.id, deviceId, jkt: facts.jkt, now };
    for (const exception of live) {
      if (exception.deviceId !== deviceId || voidCause({ ...holder, exception }) !== null) continue;
      const isOpen = findings.some(
        ({ rule }) => exception.rules.includes(rule.reference) && isOpenTo(rule, facts.owner.groups),
      );
      if (exception.kind === 'access' || isOpen) holding.add(exception.id);
    }
  }
  return holding;
}
