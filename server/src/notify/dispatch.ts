import { setTimeout as wait } from 'node:timers/promises';
import { second, type Instant } from '@postern/shared/time';
import { sql } from 'kysely';
import type { Deps } from '../deps.ts';
import { updateOne } from '../storage/change.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { attemptDelivery, type Outcome, type Senders } from './attempt.ts';
import type { DeliveryRow } from './delivery.ts';
import { mostAttempts } from './retry-schedule.ts';
import { createRoom, mailPlace, placeOf, type Room } from './room.ts';
import { settlement } from './settlement.ts';

export type DispatchDeps = Pick<Deps, 'store' | 'random' | 'clock' | 'log'> & {
  config: Pick<Deps['config'], 'mail' | 'masterSecret' | 'webhookHosts' | 'issuer'>;
};

/** So many wait in memory for their turn, of one place and in all. */
const mostPerPlace = 50;
const mostWaiting = 500;
/** Longer than any attempt takes. Whoever claimed a delivery and has not said by then what came of it, is gone. */
const claimMs = 120 * second;

/** How long a server that stops waits for what it is sending. What takes longer is sent again by who comes next. */
const defaultGraceMs = 5 * second;

export interface Dispatcher {
  /** Starts what is due, as far as there is room. Does not wait for what it starts. */
  run(now: Instant): Promise<void>;
  /** When what is under way now has ended. */
  idle(): Promise<void>;
  /** Starts nothing more, and gives what is under way a little time to end. */
  stop(): Promise<void>;
}

/**
 * Sends what waits, a few at a time and fewer to one place, so that a place that is slow keeps nobody else waiting. A
 * delivery is claimed before it is sent: of several nodes one sends it. What a node that died was sending is sent
 * again, under the same id.
 */
export function createDispatcher(deps: DispatchDeps, senders: Senders, graceMs = defaultGraceMs): Dispatcher {
  const { clock, log, store } = deps;
  const room = createRoom();
  const underWay = new Set<Promise<void>>();
  let waiting: Due[] = [];
  let isStopped = false;

  async function deliver(row: DeliveryRow): Promise<void> {
    const outcome: Outcome =
      row.attempts >= mostAttempts
        ? { kind: 'failed', status: null, error: 'no attempt came to an end' }
        : await attemptDelivery(deps, senders, row, clock.now());
    room.answered(placeOf(row), outcome.kind !== 'again' || outcome.status !== null);
    const isLast = outcome.kind === 'again' && row.channel === 'webhook' && row.attempts + 1 >= mostAttempts;
    const isDead = isLast && !(await hasTakenSince(deps, row));
    await commitUnlessTaken(deps, settlement(row, outcome, isDead, deps.random, clock.now()));
  }

  /** The delivery, once it is this node's to send; undefined when it is not, or not any more. */
  async function claimIfDue({ id }: Due): Promise<DeliveryRow | undefined> {
    const row = await store.read.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
    const now = clock.now();
    const isDue = row?.state === 'waiting' && row.next_at <= now && row.claimed_until <= now;
    return isDue && !isStopped && (await claim(deps, row, now)) ? row : undefined;
  }

  /** Starts what there is room for of what was found due. Ends when all of that is claimed. */
  async function startWaiting(): Promise<void> {
    const claims: Promise<unknown>[] = [];
    for (;;) {
      const index = isStopped ? -1 : waiting.findIndex((due) => !room.has(due.id) && room.isFor(placeOf(due)));
      const [due] = index === -1 ? [] : waiting.splice(index, 1);
      if (due === undefined) break;
      claims.push(start(due));
    }
    await Promise.allSettled(claims);
  }

  function start(due: Due): Promise<unknown> {
    room.take(due.id, placeOf(due));
    const claimed = claimIfDue(due);
    const sent = claimed
      .then((row) => (row === undefined ? undefined : deliver(row)))
      .catch((error: unknown) => {
        // The store may be closed by then. The claim runs out, and it is sent again.
        if (isStopped) log.info({ delivery: due.id }, 'a delivery was cut off by the stop, and is sent again');
        else log.error({ delivery: due.id, err: error }, 'a delivery could not be settled');
      })
      .finally(() => {
        room.leave(due.id);
        underWay.delete(sent);
        void startWaiting();
      });
    underWay.add(sent);
    return claimed;
  }

  async function idle(): Promise<void> {
    await Promise.all(underWay);
  }

  return {
    async run(now) {
      if (room.isFull || isStopped) return;
      waiting = await readDue(deps, room, now);
      await startWaiting();
    },
    idle,
    async stop() {
      isStopped = true;
      await Promise.race([idle(), wait(graceMs, undefined, { ref: false })]);
    },
  };
}

/** A delivery that was found due. By the time that its turn comes it may not be. */
type Due = Pick<DeliveryRow, 'id' | 'channel' | 'target'>;

/** Due deliveries, the longest due first, of each place that is open no more than may be sent until this is asked again. */
async function readDue({ store }: Pick<Deps, 'store'>, room: Room, now: Instant): Promise<Due[]> {
  const place = sql<string>`case when channel = 'email' then ${sql.lit(mailPlace)} else target end`;
  let due = store.read
    .selectFrom('deliveries')
    // Not the bodies: of a place that is dead there may be very many.
    .select(['id', 'channel', 'target', 'next_at'])
    .select(sql<number>`row_number() over (partition by ${place} order by next_at, id)`.as('nth'))
    // Written out, not bound: so the planner sees that the index of what waits is the one to use.
    .where('state', '=', sql.lit('waiting'))
    .where('next_at', '<=', now)
    .where('claimed_until', '<=', now);
  const closed = room.closedPlaces();
  if (closed.length > 0) due = due.where(place, 'not in', closed);
  return await store.read
    .selectFrom(due.as('due'))
    .select(['id', 'channel', 'target'])
    .where('nth', '<=', mostPerPlace)
    .orderBy('nth')
    .orderBy('next_at')
    .orderBy('id')
    .limit(mostWaiting)
    .execute();
}

/** Whether the webhook has taken anything since that message was made for it. */
async function hasTakenSince({ store }: Pick<Deps, 'store'>, { target, created_at }: DeliveryRow): Promise<boolean> {
  const taken = await store.read
    .selectFrom('deliveries')
    .select('id')
    .where('target', '=', target)
    .where('state', '=', 'done')
    .where('done_at', '>', created_at)
    .limit(1)
    .executeTakeFirst();
  return taken !== undefined;
}

/** Whether it is this node that sends it. The attempt counts from here on: what kills a node is not tried for ever. */
async function claim({ store }: Pick<Deps, 'store'>, row: DeliveryRow, now: Instant): Promise<boolean> {
  const guard = { id: row.id, state: 'waiting', attempts: row.attempts, claimed_until: row.claimed_until };
  const set = { claimed_until: now + claimMs, attempts: row.attempts + 1 };
  return await commitUnlessTaken({ store }, { changes: [updateOne('deliveries', guard, set)], audit: [] });
}

async function commitUnlessTaken({ store }: Pick<Deps, 'store'>, unit: Unit): Promise<boolean> {
  try {
    await store.commit(unit);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}
