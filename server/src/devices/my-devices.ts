import type { MyDevice } from '@postern/shared/protocol/my-device';
import type { RuleStanding } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { readDeviceFacts } from './facts.ts';
import { type Standing, standingOf } from './standing.ts';
import { deviceSummary } from './view.ts';

/** More than anybody has; each is judged for the answer. */
const shown = 50;

/** Standings of rules that somebody may ask an exception from. */
const inTheWay: ReadonlySet<RuleStanding> = new Set(['blocked', 'grace', 'warned']);

/** Devices of a person that are not retired, newest first. */
export async function myDevices(
  { store, policies }: Pick<Deps, 'store' | 'policies'>,
  personId: string,
  now: Instant,
): Promise<MyDevice[]> {
  const rows = await store.read
    .selectFrom('devices')
    .select('id')
    .where('owner_id', '=', personId)
    .where('state', '!=', 'retired')
    .orderBy('id', 'desc')
    .limit(shown)
    .execute();
  const items: MyDevice[] = [];
  for (const { id } of rows) {
    const facts = await readDeviceFacts(store.read, { id });
    // It may have another owner by now.
    if (facts === undefined || facts.owner.id !== personId) continue;
    const standing = standingOf(facts, await policies.at(facts.policyEpoch), null, now);
    items.push({ ...deviceSummary(facts, standing), failing: failingRules(standing) });
  }
  return items;
}

/** Rules that stand in the way of a device, or are about to. */
export function failingRules(standing: Standing | undefined): MyDevice['failing'] {
  const rules = standing?.verdict.rules.filter((each) => inTheWay.has(each.standing)) ?? [];
  return rules.map(({ policy, rule, title, check }) => ({ rule: `${policy}/${rule}`, title, check }));
}
