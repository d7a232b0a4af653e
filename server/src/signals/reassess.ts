import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type DeviceFacts, deviceQuery, factsOf } from '../devices/index.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { type OpenStream } from './fan-out.ts';
import { type Trust, trustOf } from './trust.ts';
import type { Occasion, TrustChange } from './trust-change.ts';

export type ReassessDeps = Pick<Deps, 'store' | 'policies'>;
type TrustRow = Database['device_trust'];

export interface Reassessed {
  changes: Change[];
  trust: TrustChange[];
}

/**
 * What is to be written and told of devices whose trust may have changed: the difference between what receivers know and what
 * is so at this instant. A device that nothing was written of yet is told of only where its first trust came with an
 * occasion; where it is merely looked through for the first time, that is no news.
 */
export async function reassess(
  deps: ReassessDeps,
  streams: readonly OpenStream[],
  occasions: ReadonlyMap<string, Occasion | null>,
  now: Instant,
): Promise<Reassessed> {
  const changes: Change[] = [];
  const changed: TrustChange[] = [];
  if (occasions.size === 0) return { changes, trust: changed };
  const resources = [...new Set(streams.flatMap((stream) => stream.resources))];
  const ids = [...occasions.keys()];
  const [facts, known] = await Promise.all([readFacts(deps, ids), readKnown(deps, ids)]);
  for (const each of facts) {
    const trust = trustOf(each, await deps.policies.at(each.policyEpoch), resources, now);
    const before = known.get(each.id);
    const occasion = occasions.get(each.id) ?? null;
    const change = changeOf(each.id, before, trust, occasion?.at ?? now);
    if (change === undefined) continue;
    changes.push(change);
    if (before === undefined && occasion === null) continue;
    const lookedAt: Occasion = occasion ?? { at: now, initiator: 'policy', txn: `trust-${each.id}-${now}` };
    changed.push({ ...lookedAt, device: each.id, user: each.owner.id, before: knownOf(before), after: trust });
  }
  return { changes, trust: changed };
}

function knownOf(row: TrustRow | undefined): TrustChange['before'] {
  if (row === undefined) return { status: 'not-compliant', exceptFor: [] };
  const status = row.status === 'compliant' ? 'compliant' : 'not-compliant';
  return { status, exceptFor: JSON.parse(row.except_for) as string[] };
}

function changeOf(id: string, before: TrustRow | undefined, trust: Trust, since: Instant): Change | undefined {
  const is = {
    status: trust.status,
    reason: trust.cause,
    except_for: JSON.stringify(trust.exceptFor),
    posture: trust.posture,
    next_at: trust.nextAt,
  };
  if (before === undefined) return insert('device_trust', { device_id: id, ...is, since, version: 1 });
  const isSame =
    before.status === is.status &&
    before.reason === is.reason &&
    before.except_for === is.except_for &&
    before.posture === is.posture;
  if (isSame && before.next_at === is.next_at) return undefined;
  const set = { ...is, since: isSame ? before.since : since, version: before.version + 1 };
  return updateOne('device_trust', { device_id: id, version: before.version }, set);
}

/** In one query, however many devices and exceptions they are. */
async function readFacts({ store }: Pick<Deps, 'store'>, ids: readonly string[]): Promise<DeviceFacts[]> {
  const rows = await deviceQuery(store.read).where('devices.id', 'in', ids).execute();
  const byDevice = Map.groupBy(rows, (row) => row.id);
  return [...byDevice.values()].flatMap((each) => factsOf(each) ?? []);
}

async function readKnown({ store }: Pick<Deps, 'store'>, ids: readonly string[]): Promise<Map<string, TrustRow>> {
  const rows = await store.read.selectFrom('device_trust').selectAll().where('device_id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.device_id, row]));
}
