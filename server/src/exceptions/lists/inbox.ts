import type { z } from 'zod';
import type { inboxQuerySchema, WaitingRequest } from '@postern/shared/protocol/evidence';
import { isOfRisk } from '@postern/shared/risk-band';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { isReader, type PersonCaller } from '../../http/caller.ts';
import { readDecider } from '../deciding/decider.ts';
import { effectiveState } from '../lifecycle/lifecycle.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import { readExceptions } from '../read.ts';
import { actsOf } from './acts.ts';
import { viewInOrder } from './list.ts';
import { isOfNamed, type Named, readNamed } from './named.ts';

type Query = z.output<typeof inboxQuerySchema>;

/** So many requests are looked at for a page, in portions: who asks for what is theirs alone may find few. */
const mostLooks = 1000;
const portion = 200;

/**
 * Requests that wait, the oldest first: that one has the least time left. Readers see all; whoever else is asked only those
 * of people whose manager they are.
 */
export async function readInbox(
  deps: Pick<Deps, 'store' | 'policies'>,
  caller: PersonCaller,
  query: Query,
  now: Instant,
): Promise<{ items: WaitingRequest[]; next: string | null }> {
  const { read } = deps.store;
  const decider = await readDecider(read, caller.id);
  const readsAll = isReader(caller);
  const named = query.q === undefined ? undefined : await readNamed(read, query.q);
  if (named === null) return { items: [], next: null };
  const found = new Map<string, WaitingRequest['mayDecide']>();
  let after: string | undefined = query.after;
  for (let looks = 0; looks < mostLooks; looks += portion) {
    const rows = await waitingAfter(read, { after, managerId: readsAll ? undefined : caller.id }, named, now);
    const records = new Map(
      (
        await readExceptions(
          read,
          rows.map(({ id }) => id),
        )
      ).map((each) => [each.id, each]),
    );
    for (const { id, owner_id: ownerId } of rows) {
      const record = records.get(id);
      after = id;
      if (record === undefined || !isWanted(record, query, now)) continue;
      const { approve, deny } = actsOf(record, decider, ownerId, now);
      if (query.mine === 'true' && !approve.may) continue;
      if (!readsAll && !record.plan.stages.some(({ manager }) => manager)) continue;
      if (found.size === query.limit) return page(deps, found, now, true);
      found.set(id, { approve, deny });
    }
    if (rows.length < portion) return page(deps, found, now, false);
  }
  // The rest is for the next page, also where this one is empty.
  const { items } = await page(deps, found, now, false);
  return { items, next: after ?? null };
}

async function page(
  deps: Pick<Deps, 'store' | 'policies'>,
  found: ReadonlyMap<string, WaitingRequest['mayDecide']>,
  now: Instant,
  hasMore: boolean,
): Promise<{ items: WaitingRequest[]; next: string | null }> {
  const ids = [...found.keys()];
  const items = (await viewInOrder(deps, ids, now)).flatMap((view) => {
    const mayDecide = found.get(view.id);
    return mayDecide === undefined ? [] : [{ ...view, mayDecide }];
  });
  return { items, next: hasMore ? (ids.at(-1) ?? null) : null };
}

/** What lapsed and nobody has announced yet waits no more. */
function isWanted(record: ExceptionRecord, { kind, rule, template, risk }: Query, now: Instant): boolean {
  if (effectiveState(record, now) !== 'pending') return false;
  if (kind !== undefined && record.kind !== kind) return false;
  if (rule !== undefined && !record.rules.includes(rule)) return false;
  if (template !== undefined && record.plan.template?.name !== template) return false;
  return risk === undefined || isOfRisk(record.plan.risk.score, risk);
}

function waitingAfter(
  read: Deps['store']['read'],
  { after, managerId }: { after: string | undefined; managerId: string | undefined },
  named: Named | undefined,
  now: Instant,
) {
  let query = read
    .selectFrom('exceptions')
    .innerJoin('users as person', 'person.id', 'exceptions.person_id')
    .innerJoin('devices', 'devices.id', 'exceptions.device_id')
    .select(['exceptions.id', 'devices.owner_id'])
    .where('exceptions.state', '=', 'pending')
    .where('exceptions.lapses_at', '>', now)
    .orderBy('exceptions.id')
    .limit(portion);
  if (after !== undefined) query = query.where('exceptions.id', '>', after);
  if (managerId !== undefined) query = query.where('person.manager_id', '=', managerId);
  if (named !== undefined) query = query.where(isOfNamed(named));
  return query.execute();
}
