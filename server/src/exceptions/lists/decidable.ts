import type { Instant } from '@postern/shared/time';
import type { Store } from '../../storage/store.ts';
import { readDecider } from '../deciding/decider.ts';
import { decidingRefusal } from '../lifecycle/may-decide.ts';
import { readExceptions } from '../read.ts';

/** So many requests are looked at: who has more than these before them knows what to do. */
const most = 200;

/** How many requests wait, and how many of them somebody may approve, with the time by when the first one lapses. */
export async function countDecidable(read: Store['read'], personId: string, now: Instant) {
  const decider = await readDecider(read, personId);
  const rows = await read
    .selectFrom('exceptions')
    .innerJoin('devices', 'devices.id', 'exceptions.device_id')
    .select(['exceptions.id', 'devices.owner_id', 'exceptions.requested_at', 'exceptions.lapses_at'])
    .where('exceptions.state', '=', 'pending')
    .where('exceptions.lapses_at', '>', now)
    .orderBy('exceptions.id')
    .limit(most + 1)
    .execute();
  const looked = rows.slice(0, most);
  const records = new Map(
    (
      await readExceptions(
        read,
        looked.map(({ id }) => id),
      )
    ).map((record) => [record.id, record]),
  );
  const mine = looked.filter(({ id, owner_id: ownerId }) => {
    const record = records.get(id);
    return record !== undefined && decidingRefusal(record, { ...decider, ownerId }, { toApprove: true }) === undefined;
  });
  const isMore = rows.length > most;
  return { mine: countOf(mine, isMore), all: countOf(looked, isMore) };
}

function countOf(rows: readonly { requested_at: Instant; lapses_at: Instant }[], isMore: boolean) {
  const first = (times: readonly Instant[]) => (times.length === 0 ? null : Math.min(...times));
  return {
    count: rows.length,
    isMore: isMore && rows.length > 0,
    since: first(rows.map((row) => row.requested_at)),
    by: first(rows.map((row) => row.lapses_at)),
  };
}
